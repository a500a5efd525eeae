-- Forgets up to :limit rows from before :before, oldest first. Mail that still waits keeps its row.
DELETE FROM mail_log
WHERE  id IN (SELECT id FROM mail_log WHERE at_ms < :before AND outcome <> 'waiting' ORDER BY at_ms LIMIT :limit)
