-- Mail that was given up waits again.
UPDATE mail_log
SET    outcome = 'waiting', outcome_ms = :at, reason = :reason
WHERE  outcome = 'failed' AND queue_id = :queue_id AND recipient = :recipient AND at_ms >= :since
