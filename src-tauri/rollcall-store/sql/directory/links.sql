-- What the last run left of each address.
SELECT key, entry, ours, state, role, invalid_reason, owner, first_name, surname, before_state, before_role,
       missing_since_ms
FROM   directory_link
