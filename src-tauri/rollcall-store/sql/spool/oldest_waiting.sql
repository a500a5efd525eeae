-- When the oldest message with a queued or active recipient arrived.
SELECT arrived_ms
FROM   message
WHERE  EXISTS (SELECT 1 FROM recipient
               WHERE  recipient.queue_id = message.queue_id AND recipient.state IN ('queued', 'active'))
ORDER  BY arrived_ms
LIMIT  1
