-- How many rows there are.
SELECT count(*) AS total FROM mail_log
