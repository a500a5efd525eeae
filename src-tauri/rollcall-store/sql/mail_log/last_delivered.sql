-- When the destination last took mail.
SELECT max(outcome_ms) AS at_ms FROM mail_log WHERE outcome = 'delivered'
