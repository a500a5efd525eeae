-- Forgets what was said before :before.
DELETE FROM recipient_cache WHERE at_ms < :before
