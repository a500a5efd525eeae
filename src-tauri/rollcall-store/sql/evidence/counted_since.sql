-- How many messages count for an address since :since.
SELECT count(*) AS total FROM evidence WHERE key = :key AND at_ms >= :since AND counted = 1
