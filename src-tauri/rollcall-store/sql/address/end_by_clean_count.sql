-- A page of the addresses of one state, most clean messages first, found from the end of the list: :offset rows stand behind it.
-- The index gives the order, and rows that are passed over are not read.
SELECT key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner,
       (SELECT count(*) FROM evidence_sender
        WHERE  evidence_sender.key = address.key
               AND evidence_sender.last_counted_ms >= address.first_seen_ms) AS sender_domains
FROM   address
WHERE  rowid IN (
    SELECT rowid FROM address INDEXED BY address_by_clean_count
    WHERE  state = :state
    ORDER  BY clean_count, key DESC
    LIMIT  :limit OFFSET :offset
)
ORDER  BY clean_count DESC, key
