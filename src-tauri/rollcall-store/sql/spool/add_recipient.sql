-- A recipient of a message, due at :due.
INSERT INTO recipient (queue_id, address, state, due_ms) VALUES (:queue_id, :address, 'queued', :due)
