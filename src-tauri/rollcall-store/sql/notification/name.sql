-- A notification names an address. Named again, its later journal entry counts.
INSERT INTO notification_address (id, key, shown, entry) VALUES (:id, :key, :shown, :entry)
ON CONFLICT (id, key) DO UPDATE SET entry = coalesce(excluded.entry, entry)
