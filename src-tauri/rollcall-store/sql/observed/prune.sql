-- Forgets addresses that got no mail since :before.
DELETE FROM observed WHERE last_ms < :before
