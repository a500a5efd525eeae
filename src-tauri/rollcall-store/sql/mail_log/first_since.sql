-- The smallest number of a row of the twenty minutes from :from on: rows are written that much out of order at most.
SELECT min(id) AS id FROM mail_log WHERE at_ms >= :from AND at_ms < :from + 1200000
