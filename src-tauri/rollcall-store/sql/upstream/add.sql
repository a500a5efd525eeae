-- Adds an upstream at the end, once.
INSERT INTO upstream (address) VALUES (:address)
ON CONFLICT (address) DO NOTHING
