-- How many recipients had their mail within each time, from :from up to but not including :until. For mail that waited the
-- time counts until it was handed on.
SELECT CASE WHEN took < 100     THEN 0
            WHEN took < 1000    THEN 1
            WHEN took < 10000   THEN 2
            WHEN took < 60000   THEN 3
            WHEN took < 600000  THEN 4
            WHEN took < 3600000 THEN 5
            ELSE 6 END AS step,
       count(*) AS total
FROM   (SELECT duration_ms + outcome_ms - at_ms AS took
        FROM   mail_log
        WHERE  outcome = 'delivered' AND at_ms >= :from AND at_ms < :until)
GROUP  BY step
ORDER  BY step
