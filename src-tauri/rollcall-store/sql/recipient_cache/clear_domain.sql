-- Forgets what was said of the recipients of a domain.
DELETE FROM recipient_cache WHERE domain = :domain
