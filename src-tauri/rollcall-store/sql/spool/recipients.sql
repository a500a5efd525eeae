-- The recipients of a message, in the order they were given.
SELECT address, domain, state, due_ms, attempts, last_reply, held, held_for
FROM   recipient WHERE queue_id = :queue_id ORDER BY id
