-- Forgets what was written before :before.
DELETE FROM correspondent WHERE at_ms < :before
