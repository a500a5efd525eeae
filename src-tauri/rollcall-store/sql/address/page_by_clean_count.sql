-- A page of the addresses with one of these states, most clean messages first. :states is a JSON array of words.
-- The index gives the order, and its state passes over rows that are not wanted.
SELECT key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner,
       (SELECT count(*) FROM evidence_sender
        WHERE  evidence_sender.key = address.key
               AND evidence_sender.last_counted_ms >= address.first_seen_ms) AS sender_domains
FROM   address INDEXED BY address_by_clean_count
WHERE  state IN (SELECT value FROM json_each(:states))
       AND (:only = '' OR EXISTS (
           SELECT 1 FROM outlook
           WHERE  outlook.key = address.key
                  AND CASE :only WHEN 'soon' THEN ends_ms <= :soon WHEN 'alias' THEN alias = 1 ELSE weak = 1 END))
ORDER  BY clean_count DESC, key
LIMIT  :limit OFFSET :offset
