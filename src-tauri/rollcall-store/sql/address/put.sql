-- Adds the row of an address or replaces it. Its evidence stays.
INSERT INTO address (key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count,
                     first_seen_ms, last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
                     notices, notice_ms, held_until_ms, pinned, made_by, owner, sought)
VALUES (:key, :shown, :domain, :state, :role, :invalid_reason, :source, :first_name, :surname, :clean_count,
        :first_seen_ms, :last_seen_ms, :discovered_ms, :decided_ms, :changed_ms, :suspect_ms, :refused_count,
        :notices, :notice_ms, :held_until_ms, :pinned, :made_by, :owner, :sought)
ON CONFLICT (key) DO UPDATE
SET    shown = excluded.shown, domain = excluded.domain, state = excluded.state, role = excluded.role,
       invalid_reason = excluded.invalid_reason, source = excluded.source, first_name = excluded.first_name,
       surname = excluded.surname, clean_count = excluded.clean_count, first_seen_ms = excluded.first_seen_ms,
       last_seen_ms = excluded.last_seen_ms, discovered_ms = excluded.discovered_ms,
       decided_ms = excluded.decided_ms, changed_ms = excluded.changed_ms, suspect_ms = excluded.suspect_ms,
       refused_count = excluded.refused_count, notices = excluded.notices, notice_ms = excluded.notice_ms,
       held_until_ms = excluded.held_until_ms, pinned = excluded.pinned, made_by = excluded.made_by,
       owner = excluded.owner, sought = excluded.sought
