-- The rows of a message, in the order they were settled, with their traces.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id, message, direction, message_id, tls, would_refuse, began_ms, trace
FROM   mail_log
WHERE  message = :message
ORDER  BY id
LIMIT  :limit
