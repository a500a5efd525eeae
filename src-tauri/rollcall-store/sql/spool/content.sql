-- The content of a small message.
SELECT bytes FROM content WHERE queue_id = :queue_id
