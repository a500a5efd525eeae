-- Mail for the address was refused at :at.
UPDATE address
SET    refused_count = min(refused_count + 1, 4294967295), last_seen_ms = max(last_seen_ms, :at)
WHERE  key = :key
