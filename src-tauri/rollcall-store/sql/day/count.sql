-- Adds to what an account received and was refused on a day, and says what it received on that day by now.
INSERT INTO address_day (key, day_ms, received, refused) VALUES (:key, :day, :received, :refused)
ON CONFLICT (key, day_ms) DO UPDATE
SET    received = received + excluded.received, refused = refused + excluded.refused
RETURNING received
