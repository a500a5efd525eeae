-- Addresses that ended by themselves and for which mail was refused often enough since :since.
SELECT key
FROM   address
WHERE  state = 'invalid' AND invalid_reason = 'expired' AND refused_count >= :refused AND last_seen_ms >= :since
LIMIT  :limit
