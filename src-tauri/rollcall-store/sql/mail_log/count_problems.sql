-- How many messages an operator may want to look into, from :from up to but not including :until.
SELECT count(DISTINCT coalesce(message, id)) AS total
FROM   mail_log
WHERE  (outcome = 'failed' OR reason IN
        ('server_unreachable', 'lost_before_reply', 'store_failed', 'changed_its_mind', 'client_left'))
       AND at_ms >= :from AND at_ms < :until
