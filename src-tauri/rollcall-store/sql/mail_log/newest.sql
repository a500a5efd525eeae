-- The largest and the smallest number of a row.
SELECT (SELECT max(id) FROM mail_log) AS last, (SELECT min(id) FROM mail_log) AS first
