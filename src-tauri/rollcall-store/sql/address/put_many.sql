-- Adds the rows of addresses or replaces them, all in one statement: the search index is written out once for each.
-- :rows is a JSON array of arrays, with the values in this order.
INSERT INTO address (key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count,
                     first_seen_ms, last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
                     notices, notice_ms, held_until_ms, pinned, made_by, owner, sought)
SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5,
       value ->> 6, value ->> 7, value ->> 8, value ->> 9, value ->> 10, value ->> 11,
       value ->> 12, value ->> 13, value ->> 14, value ->> 15, value ->> 16, value ->> 17,
       value ->> 18, value ->> 19, value ->> 20, value ->> 21, value ->> 22, value ->> 23
FROM   json_each(:rows)
WHERE  true
ON CONFLICT (key) DO UPDATE
SET    shown = excluded.shown, domain = excluded.domain, state = excluded.state, role = excluded.role,
       invalid_reason = excluded.invalid_reason, source = excluded.source, first_name = excluded.first_name,
       surname = excluded.surname, clean_count = excluded.clean_count, first_seen_ms = excluded.first_seen_ms,
       last_seen_ms = excluded.last_seen_ms, discovered_ms = excluded.discovered_ms,
       decided_ms = excluded.decided_ms, changed_ms = excluded.changed_ms, suspect_ms = excluded.suspect_ms,
       refused_count = excluded.refused_count, notices = excluded.notices, notice_ms = excluded.notice_ms,
       held_until_ms = excluded.held_until_ms, pinned = excluded.pinned, made_by = excluded.made_by,
       owner = excluded.owner, sought = excluded.sought
