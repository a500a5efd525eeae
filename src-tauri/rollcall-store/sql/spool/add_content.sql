-- The content of a small message.
INSERT INTO content (queue_id, bytes) VALUES (:queue_id, :bytes)
