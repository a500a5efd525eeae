-- The latest observations about an address, newest first.
SELECT key, at_ms, kind, counted, not_counted_because, sender, sender_domain, subject, client_ip, lines,
       message_id, settles_ms, is_reply
FROM   evidence
WHERE  key = :key
ORDER  BY at_ms DESC, id DESC
LIMIT  :limit
