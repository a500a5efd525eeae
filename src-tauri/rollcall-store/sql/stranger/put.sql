-- Keeps when a new address was first and last written to.
INSERT INTO stranger (key, first_ms, last_ms) VALUES (:key, :first_ms, :last_ms)
ON CONFLICT (key) DO UPDATE SET first_ms = excluded.first_ms, last_ms = excluded.last_ms
