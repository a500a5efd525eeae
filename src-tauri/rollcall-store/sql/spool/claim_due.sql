-- Takes up to :limit due recipients for an attempt, the longest due first.
UPDATE recipient
SET    state = 'active', due_ms = NULL, attempts = min(attempts + 1, 4294967295)
WHERE  id IN (
    SELECT id FROM recipient
    WHERE  state = 'queued' AND due_ms <= :now
    ORDER  BY due_ms, id
    LIMIT  :limit
)
RETURNING id, queue_id, address, attempts
