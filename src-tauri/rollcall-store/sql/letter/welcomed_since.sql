-- How often an account was welcomed since a time.
SELECT count(*) AS total FROM letter WHERE kind = 'welcome' AND key = :key AND state = 'sent' AND settled_ms >= :since
