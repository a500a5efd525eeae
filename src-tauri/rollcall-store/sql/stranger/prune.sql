-- Forgets new addresses that nobody wrote to since :before.
DELETE FROM stranger WHERE last_ms < :before
