-- What became of a recipient whose mail waited in the spool.
UPDATE mail_log
SET    outcome = :outcome, outcome_ms = :at, reason = :reason,
       destination_reply = coalesce(:destination_reply, destination_reply)
WHERE  outcome = 'waiting' AND queue_id = :queue_id AND recipient = :recipient
