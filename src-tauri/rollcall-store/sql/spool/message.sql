-- The envelope of a message, and where its content is.
SELECT queue_id, reverse_path, arrived_ms, body_8bit, subject, size_bytes, in_file, outbound, smtputf8, ret, envid, proof
FROM   message
WHERE  queue_id = :queue_id
