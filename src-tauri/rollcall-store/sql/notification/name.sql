-- A notification names an address; a later time its journal entry counts.
INSERT INTO notification_address (id, key, shown, entry) VALUES (:id, :key, :shown, :entry)
ON CONFLICT (id, key) DO UPDATE SET entry = coalesce(excluded.entry, entry)
