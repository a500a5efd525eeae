-- Adds a step to the trace of mail that was settled, however long the trace is.
UPDATE mail_log
SET    trace = coalesce(trace, '') || max(0, :at - coalesce(began_ms, at_ms)) || :step
WHERE  message = :queue_id AND recipient = :recipient AND outcome IN ('delivered', 'failed')
