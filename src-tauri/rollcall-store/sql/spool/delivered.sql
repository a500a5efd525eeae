-- The next hop took responsibility for a recipient.
UPDATE recipient SET state = 'delivered', last_reply = :reply
WHERE  id = :id AND queue_id = :queue_id AND state = 'active'
