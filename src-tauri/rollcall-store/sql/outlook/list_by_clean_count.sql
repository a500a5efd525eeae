-- A page of the Discovered addresses of which :only is foretold, most clean messages first. With :search only those that have this text in
-- address or name. Every such row is read and ordered: as many as wait for a decision.
SELECT address.key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       notices, notice_ms, held_until_ms, pinned, made_by, owner,
       (SELECT count(*) FROM evidence_sender
        WHERE  evidence_sender.key = address.key
               AND evidence_sender.last_counted_ms >= address.first_seen_ms) AS sender_domains
FROM   outlook
       JOIN address ON address.key = outlook.key
WHERE  CASE :only WHEN '' THEN 1 WHEN 'soon' THEN ends_ms <= :soon WHEN 'alias' THEN alias = 1 ELSE weak = 1 END
       AND (:search IS NULL OR instr(sought, :search) > 0)
ORDER  BY clean_count DESC, address.key
LIMIT  :limit OFFSET :offset
