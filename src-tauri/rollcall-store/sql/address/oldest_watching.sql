-- The watched address that was seen last the longest ago.
SELECT key FROM address INDEXED BY address_by_last_seen WHERE state = 'watching' ORDER BY last_seen_ms LIMIT 1
