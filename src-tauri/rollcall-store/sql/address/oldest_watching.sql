-- The watched address that was seen last the longest ago.
SELECT key FROM address WHERE state = 'watching' ORDER BY last_seen_ms LIMIT 1
