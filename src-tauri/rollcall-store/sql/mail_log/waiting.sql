-- The mail that waits as far as the log knows.
SELECT queue_id, recipient FROM mail_log WHERE outcome = 'waiting' AND queue_id IS NOT NULL
