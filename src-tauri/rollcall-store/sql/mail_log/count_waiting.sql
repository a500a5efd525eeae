-- How many messages wait.
SELECT count(DISTINCT coalesce(queue_id, id)) AS total FROM mail_log WHERE outcome = 'waiting'
