-- The latest rows with a number below :before, newest first.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id
FROM   mail_log
WHERE  id < :before
ORDER  BY id DESC
LIMIT  :limit
