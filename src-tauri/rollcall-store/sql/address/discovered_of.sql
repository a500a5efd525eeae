-- The Discovered addresses of a domain, the longest waiting first.
SELECT key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner
FROM   address INDEXED BY address_by_key
WHERE  state = 'discovered' AND domain = :domain
ORDER  BY discovered_ms, key
