-- Mail for the address was seen at :at.
UPDATE address SET last_seen_ms = max(last_seen_ms, :at) WHERE key = :key
