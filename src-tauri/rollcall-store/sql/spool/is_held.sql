-- Whether somebody waits for a message that an operator keeps here.
SELECT EXISTS (SELECT 1 FROM recipient
               WHERE queue_id = :queue_id AND held = 1 AND state IN ('queued', 'active')) AS total
