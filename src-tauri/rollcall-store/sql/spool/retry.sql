-- A recipient waits for its next attempt.
UPDATE recipient SET state = 'queued', due_ms = :due, last_reply = :reply
WHERE  id = :id AND queue_id = :queue_id AND state = 'active'
