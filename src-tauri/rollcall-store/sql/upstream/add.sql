-- Adds an upstream at the end, once.
INSERT INTO upstream (address, speaks) VALUES (:address, :speaks)
ON CONFLICT (address) DO NOTHING
