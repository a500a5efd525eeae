-- Forgets the address whose last mail is the oldest.
DELETE FROM observed WHERE key = (SELECT key FROM observed ORDER BY last_ms, key LIMIT 1)
