-- How many observations of a kind there are about an address since :since.
SELECT count(*) AS total FROM evidence WHERE key = :key AND at_ms >= :since AND kind = :kind
