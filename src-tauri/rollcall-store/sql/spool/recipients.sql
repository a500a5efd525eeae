-- The recipients of a message, in the order they were given.
SELECT address, state, due_ms, attempts, last_reply FROM recipient WHERE queue_id = :queue_id ORDER BY id
