-- Up to :limit messages whose sender is to be looked at by now, the longest due first.
SELECT queue_id, reverse_path, arrived_ms, client_ip, client_known, client_name, proof, size_bytes
FROM   message
WHERE  look_ms <= :now
ORDER  BY look_ms
LIMIT  :limit
