-- How many messages of a sender domain count, or will, for an address since :since.
SELECT count(*) AS total FROM evidence
WHERE  key = :key AND at_ms >= :since AND sender_domain = :sender_domain AND (counted = 1 OR settles_ms IS NOT NULL)
