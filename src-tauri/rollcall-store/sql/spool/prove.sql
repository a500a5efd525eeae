-- What was shown about a message's sender, and when to look again if nothing is known yet. What was shown before stays.
UPDATE message SET proof = :proof, look_ms = :look
WHERE  queue_id = :queue_id AND proof = 'unknown'
