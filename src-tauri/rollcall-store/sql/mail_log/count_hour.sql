-- How many rows have an outcome, from :from up to but not including :until.
SELECT count(*) AS total FROM mail_log WHERE outcome = :outcome AND at_ms >= :from AND at_ms < :until
