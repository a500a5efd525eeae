-- How many messages were kept here since :since.
SELECT count(DISTINCT queue_id) AS total FROM mail_log WHERE at_ms >= :since AND queue_id IS NOT NULL
