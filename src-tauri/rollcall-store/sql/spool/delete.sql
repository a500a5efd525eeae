-- Takes a message away, whoever still waits for it, but not while it is being sent.
DELETE FROM message
WHERE  queue_id = :queue_id
AND    NOT EXISTS (SELECT 1 FROM recipient WHERE recipient.queue_id = message.queue_id AND recipient.state = 'active')
RETURNING queue_id, in_file
