-- Notes what a run left of an address.
INSERT INTO directory_link (key, entry, ours, state, role, invalid_reason, owner, first_name, surname, before_state,
                            before_role, missing_since_ms)
VALUES (:key, :entry, :ours, :state, :role, :invalid_reason, :owner, :first_name, :surname, :before_state, :before_role,
        :missing_since_ms)
ON CONFLICT (key) DO UPDATE
SET    entry = excluded.entry, ours = excluded.ours, state = excluded.state, role = excluded.role,
       invalid_reason = excluded.invalid_reason, owner = excluded.owner, first_name = excluded.first_name,
       surname = excluded.surname, before_state = excluded.before_state, before_role = excluded.before_role,
       missing_since_ms = excluded.missing_since_ms
