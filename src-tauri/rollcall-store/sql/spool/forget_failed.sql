-- Recipients that were given up and kept long enough.
DELETE FROM recipient WHERE state = 'failed' AND keep_until_ms <= :now
RETURNING queue_id
