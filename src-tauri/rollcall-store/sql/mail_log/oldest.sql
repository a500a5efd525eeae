-- When the oldest mail came.
SELECT min(at_ms) AS at_ms FROM mail_log
