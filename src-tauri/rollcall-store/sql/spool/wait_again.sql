-- Recipients of a message that were given up wait again, from now.
UPDATE recipient SET state = 'queued', due_ms = :now, keep_until_ms = NULL, held_for = NULL
WHERE  queue_id = :queue_id AND state = 'failed'
RETURNING address
