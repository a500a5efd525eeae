-- How far asking about an account has come.
SELECT key, next_ms, refusals, since_ms FROM reverify WHERE key = :key
