-- What became of a recipient whose mail waited in the spool. Its last step is told however long the trace is.
UPDATE mail_log
SET    outcome = :outcome, outcome_ms = :at, reason = :reason,
       destination_reply = coalesce(:destination_reply, destination_reply),
       trace = coalesce(trace, '') || max(0, :at - coalesce(began_ms, at_ms)) || :step
WHERE  outcome = 'waiting' AND queue_id = :queue_id AND recipient = :recipient
