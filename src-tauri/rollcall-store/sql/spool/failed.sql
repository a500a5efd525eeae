-- A recipient is given up and kept until :keep_until.
UPDATE recipient SET state = 'failed', keep_until_ms = :keep_until, last_reply = :reply
WHERE  id = :id AND queue_id = :queue_id AND state = 'active'
