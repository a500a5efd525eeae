-- The days of an account since :from, oldest first.
SELECT day_ms, received, refused FROM address_day WHERE key = :key AND day_ms >= :from ORDER BY day_ms
