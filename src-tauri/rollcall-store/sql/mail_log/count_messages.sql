-- How many messages there were from :from up to but not including :until.
SELECT count(DISTINCT coalesce(message, id)) AS total FROM mail_log WHERE at_ms >= :from AND at_ms < :until
