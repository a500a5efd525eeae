-- The messages of the spool that somebody waits for or that were given up, oldest first, and with :search only those with
-- that text in queue id, sender, subject or a recipient.
SELECT queue_id, reverse_path, arrived_ms, subject, size_bytes, outbound, client_ip
FROM   message
WHERE  EXISTS (SELECT 1 FROM recipient WHERE recipient.queue_id = message.queue_id AND recipient.state <> 'delivered'
               AND recipient.held_for IS NULL)
AND   (:search IS NULL
       OR instr(lower(queue_id || ' ' || reverse_path || ' ' || coalesce(subject, '')), :search) > 0
       OR EXISTS (SELECT 1 FROM recipient
                  WHERE recipient.queue_id = message.queue_id AND instr(lower(recipient.address), :search) > 0))
ORDER  BY arrived_ms, queue_id
LIMIT  :limit
