-- Every address, A to Z.
SELECT key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner
FROM   address
ORDER  BY key
