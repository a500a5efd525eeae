-- The mail server said yes to a recipient without an account: once a day is enough to know.
INSERT INTO rcpt_accepted (key, day_ms, at_ms) VALUES (:key, :day, :at) ON CONFLICT DO NOTHING
