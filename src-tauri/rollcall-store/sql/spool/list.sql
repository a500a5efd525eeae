-- The messages of the spool, oldest first.
SELECT queue_id, reverse_path, arrived_ms, body_8bit, subject, size_bytes, in_file
FROM   message
ORDER  BY arrived_ms, queue_id
LIMIT  :limit
