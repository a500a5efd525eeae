-- Mail that was given up waits again.
UPDATE mail_log
SET    outcome = 'waiting', outcome_ms = :at, reason = :reason,
       trace = coalesce(trace, '') || max(0, :at - coalesce(began_ms, at_ms)) || ' operator sent again' || char(10)
WHERE  outcome = 'failed' AND queue_id = :queue_id AND recipient = :recipient AND at_ms >= :since
