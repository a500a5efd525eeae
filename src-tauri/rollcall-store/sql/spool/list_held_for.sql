-- The messages that are kept for an address that ended by itself, newest first.
SELECT message.queue_id, message.reverse_path, message.arrived_ms, message.subject, message.size_bytes,
       message.client_ip, recipient.keep_until_ms
FROM   recipient JOIN message ON message.queue_id = recipient.queue_id
WHERE  recipient.held_for = :key
ORDER  BY message.arrived_ms DESC, message.queue_id
LIMIT  :limit
