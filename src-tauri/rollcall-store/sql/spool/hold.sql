-- Keeps the recipients of a message from further attempts, or lets them go on.
UPDATE recipient SET held = :held
WHERE  queue_id = :queue_id AND state IN ('queued', 'active') AND held <> :held
