-- Forgets up to :limit rows with a number below :before. Mail that still waits keeps its row.
DELETE FROM mail_log
WHERE  id IN (SELECT id FROM mail_log WHERE id < :before AND outcome <> 'waiting' ORDER BY id LIMIT :limit)
