-- Addresses that got mail and have no row, the most mail first.
SELECT key, shown, domain, messages, first_ms, last_ms
FROM   observed
WHERE  NOT EXISTS (SELECT 1 FROM address WHERE address.key = observed.key)
ORDER  BY messages DESC, key
LIMIT  :limit
