-- Those of them that have this text, newest first.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id, message, direction, message_id, tls, would_refuse, began_ms, NULL AS trace
FROM   mail_log
WHERE  id >= :floor AND id < :before AND instr(sought, :search) > 0
       AND at_ms >= :from AND at_ms < :until
       AND (:outcome = '' OR outcome = :outcome)
       AND (:reason = '' OR reason = :reason)
       AND (:direction = '' OR direction = :direction)
ORDER  BY id DESC
LIMIT  :limit
