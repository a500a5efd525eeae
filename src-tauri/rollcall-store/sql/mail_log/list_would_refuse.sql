-- The latest rows that only shadow mode kept us from refusing, newest first.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id, message, direction, message_id, tls, would_refuse, began_ms,
       NULL AS trace
FROM   mail_log
WHERE  would_refuse IS NOT NULL AND +id >= :floor AND +id < :before
       AND at_ms >= :from AND at_ms < :until
       AND (:outcome = '' OR outcome = :outcome)
       AND (:reason = '' OR reason = :reason OR would_refuse = :reason)
       AND (:direction = '' OR direction = :direction)
ORDER  BY id DESC
LIMIT  :limit
