-- What was kept for an address goes on: it waits, due at :now.
UPDATE recipient SET state = 'queued', due_ms = :now, keep_until_ms = NULL, last_reply = NULL, held_for = NULL
WHERE  held_for = :key AND state = 'failed'
RETURNING queue_id, address
