-- A page of the addresses with any of these states, A to Z. :states is a JSON array of words. With :search only those
-- that have this text in address or name. Every such row is read and ordered: no page of the window asks for it.
SELECT key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner,
       (SELECT count(*) FROM evidence_sender
        WHERE  evidence_sender.key = address.key
               AND evidence_sender.last_counted_ms >= address.first_seen_ms) AS sender_domains
FROM   address
WHERE  state IN (SELECT value FROM json_each(:states)) AND (:search IS NULL OR instr(sought, :search) > 0)
ORDER  BY key
LIMIT  :limit OFFSET :offset
