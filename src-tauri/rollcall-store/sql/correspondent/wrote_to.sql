-- Whether an address of ours wrote to somebody outside since :since.
SELECT EXISTS (SELECT 1 FROM correspondent WHERE key = :key AND outside = :outside AND at_ms >= :since) AS total
