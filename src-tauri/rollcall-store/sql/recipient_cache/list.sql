-- The newest that destinations said of recipients.
SELECT key, domain, known, at_ms, reply FROM recipient_cache ORDER BY at_ms DESC LIMIT :limit
