-- A page of the addresses of one state that have this text in address or name, most clean messages first.
-- For a text that few rows have: all of them are read and ordered. The + keeps the index by state out of it.
SELECT key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner,
       (SELECT count(*) FROM evidence_sender
        WHERE  evidence_sender.key = address.key
               AND evidence_sender.last_counted_ms >= address.first_seen_ms) AS sender_domains
FROM   address
WHERE  rowid IN (SELECT rowid FROM address_sought WHERE address_sought MATCH :match) AND +state = :state
ORDER  BY clean_count DESC, key
LIMIT  :limit OFFSET :offset
