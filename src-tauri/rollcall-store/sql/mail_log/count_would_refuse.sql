-- How many recipients since :since only shadow mode kept us from refusing.
SELECT count(*) AS total FROM mail_log WHERE would_refuse IS NOT NULL AND at_ms >= :since
