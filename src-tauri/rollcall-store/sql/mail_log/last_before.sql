-- The largest number of a row of the twenty minutes before :until.
SELECT max(id) AS id FROM mail_log WHERE at_ms < :until AND at_ms >= :until - 1200000
