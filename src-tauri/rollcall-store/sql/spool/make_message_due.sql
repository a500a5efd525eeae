-- Makes the waiting recipients of a message due now.
UPDATE recipient SET due_ms = :now WHERE queue_id = :queue_id AND state = 'queued' AND held = 0
