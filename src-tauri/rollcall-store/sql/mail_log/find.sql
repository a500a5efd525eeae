-- The latest rows with a number below :before that have this text, newest first.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id
FROM   mail_log
WHERE  id < :before AND instr(sought, :search) > 0
ORDER  BY id DESC
LIMIT  :limit
