-- A message as it was handed to us.
SELECT queue_id, reverse_path, arrived_ms, client_ip, client_known, client_name, proof, size_bytes
FROM   message
WHERE  queue_id = :queue_id
