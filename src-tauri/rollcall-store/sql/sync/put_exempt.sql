-- Leaves an entry alone from now on.
INSERT INTO sync_exempt (id, name, at_ms) VALUES (:id, :name, :at) ON CONFLICT DO NOTHING
