-- Recipients whose attempt was cut off are due again at once.
UPDATE recipient
SET    state = 'queued',
       due_ms = (SELECT arrived_ms FROM message WHERE message.queue_id = recipient.queue_id)
WHERE  state = 'active'
