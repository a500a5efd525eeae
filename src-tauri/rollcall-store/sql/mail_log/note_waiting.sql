-- Adds a step to the trace of mail that waits, unless the trace is too long already.
UPDATE mail_log
SET    destination_reply = coalesce(:destination_reply, destination_reply),
       trace = CASE WHEN length(coalesce(trace, '')) < 32768
                    THEN coalesce(trace, '') || max(0, :at - coalesce(began_ms, at_ms)) || :step ELSE trace END
WHERE  outcome = 'waiting' AND queue_id = :queue_id AND recipient = :recipient
