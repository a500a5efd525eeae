-- How many recipients a message has, and how many of them have it.
SELECT count(*) AS recipients, count(*) FILTER (WHERE outcome = 'delivered') AS delivered
FROM   mail_log
WHERE  message = :message
