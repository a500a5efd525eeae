-- The new addresses that were written to last.
SELECT key, first_ms, last_ms FROM stranger ORDER BY last_ms DESC LIMIT :limit
