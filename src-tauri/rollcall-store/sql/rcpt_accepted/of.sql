-- When the mail server said yes to a recipient since :since, a time a day, the oldest first.
SELECT at_ms FROM rcpt_accepted WHERE key = :key AND at_ms >= :since ORDER BY day_ms
