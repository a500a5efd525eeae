-- Mail that was kept for an address goes on: it waits for another reason.
UPDATE mail_log
SET    reason = :reason,
       trace = coalesce(trace, '') || max(0, :at - coalesce(began_ms, at_ms)) || ' operator the address is real again' || char(10)
WHERE  outcome = 'waiting' AND queue_id = :queue_id AND recipient = :recipient
