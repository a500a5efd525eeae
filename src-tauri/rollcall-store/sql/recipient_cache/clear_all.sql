-- Forgets what destinations said of recipients.
DELETE FROM recipient_cache
