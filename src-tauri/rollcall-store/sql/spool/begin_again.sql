-- The days in which a message is tried begin at :now.
UPDATE message SET arrived_ms = max(arrived_ms, :now) WHERE queue_id = :queue_id
