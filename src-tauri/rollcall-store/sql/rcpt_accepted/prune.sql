-- Forgets what is older than :before.
DELETE FROM rcpt_accepted WHERE day_ms < :before
