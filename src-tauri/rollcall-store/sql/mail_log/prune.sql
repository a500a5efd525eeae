-- Forgets rows from before :before. Mail that still waits keeps its row.
DELETE FROM mail_log WHERE at_ms < :before AND outcome <> 'waiting'
