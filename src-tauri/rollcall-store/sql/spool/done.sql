-- The messages that nobody waits for any more.
SELECT queue_id FROM message
WHERE  NOT EXISTS (SELECT 1 FROM recipient WHERE recipient.queue_id = message.queue_id AND recipient.state <> 'delivered')
