-- The letters that are due, the longest due first.
SELECT id, kind, audience, key, queue_id, subject, text, html
FROM   letter
WHERE  state = 'due' AND due_ms <= :now
ORDER  BY due_ms, id
LIMIT  :limit
