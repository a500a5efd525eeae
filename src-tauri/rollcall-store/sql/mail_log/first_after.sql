-- The first row at or after :from.
SELECT id FROM mail_log WHERE at_ms >= :from ORDER BY at_ms LIMIT 1
