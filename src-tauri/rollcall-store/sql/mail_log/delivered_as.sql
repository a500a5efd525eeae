-- The recipients that a mail server took the message with this Message-ID for since :since, and when.
SELECT recipient, destination, outcome_ms
FROM   mail_log
WHERE  message_id = :message_id AND outcome = 'delivered' AND direction = 'inbound' AND outcome_ms >= :since
ORDER  BY outcome_ms DESC
LIMIT  :limit
