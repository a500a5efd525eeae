-- A welcome that is to be sent. The one that was due for the same account gives way to it.
INSERT INTO letter (kind, key, queue_id, made_ms, due_ms, state)
VALUES ('welcome', :key, :queue_id, :at, :due, 'due')
ON CONFLICT (key) WHERE kind = 'welcome' AND state = 'due' DO UPDATE SET made_ms = :at, due_ms = :due
