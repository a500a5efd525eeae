-- What was kept for addresses long enough by :now.
SELECT queue_id, address FROM recipient
WHERE  held_for IS NOT NULL AND keep_until_ms <= :now AND state = 'failed'
