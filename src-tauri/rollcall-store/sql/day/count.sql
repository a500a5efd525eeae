-- Adds to what an account received and was refused on a day.
INSERT INTO address_day (key, day_ms, received, refused) VALUES (:key, :day, :received, :refused)
ON CONFLICT (key, day_ms) DO UPDATE
SET    received = received + excluded.received, refused = refused + excluded.refused
