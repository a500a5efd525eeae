-- A recipient of a message, due at :due.
INSERT INTO recipient (queue_id, address, state, due_ms, outbound, domain, notify, orcpt)
VALUES (:queue_id, :address, 'queued', :due, :outbound, :domain, :notify, :orcpt)
