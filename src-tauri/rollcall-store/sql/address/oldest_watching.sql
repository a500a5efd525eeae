-- The watched address that was seen last the longest ago.
SELECT key FROM address INDEXED BY address_watching WHERE state = 'watching' ORDER BY last_seen_ms, key LIMIT 1
