-- How often each reason refused or delayed mail, from :from up to but not including :until, most often first.
SELECT reason, outcome, count(*) AS total
FROM   mail_log
WHERE  at_ms >= :from AND at_ms < :until AND outcome IN ('refused', 'deferred', 'failed')
GROUP  BY reason, outcome
ORDER  BY total DESC, reason, outcome
