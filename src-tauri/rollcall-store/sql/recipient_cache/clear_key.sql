-- Forgets what was said of a recipient.
DELETE FROM recipient_cache WHERE key = :key
