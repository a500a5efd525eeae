-- A page of the Discovered addresses that end by :soon, the first to end in front, those that do not end last.
SELECT address.key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner,
       (SELECT count(*) FROM evidence_sender
        WHERE  evidence_sender.key = address.key
               AND evidence_sender.last_counted_ms >= address.first_seen_ms) AS sender_domains
FROM   (SELECT key, ends_ms FROM outlook INDEXED BY outlook_by_end WHERE ends_ms <= :soon
        ORDER BY ends_ms, key LIMIT :limit OFFSET :offset) AS page
       CROSS JOIN address ON address.key = page.key
ORDER  BY page.ends_ms, page.key
