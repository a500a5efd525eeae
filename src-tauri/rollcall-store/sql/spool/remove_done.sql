-- Takes a message away when no recipient needs it any more.
DELETE FROM message
WHERE  queue_id = :queue_id
AND    NOT EXISTS (SELECT 1 FROM recipient
                   WHERE  recipient.queue_id = message.queue_id AND recipient.state <> 'delivered')
RETURNING queue_id, in_file
