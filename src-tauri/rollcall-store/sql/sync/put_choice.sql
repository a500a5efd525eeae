-- Notes how the operator settled what was asked about an address.
INSERT INTO sync_choice (key, choice, entry, at_ms) VALUES (:key, :choice, :entry, :at)
ON CONFLICT (key) DO UPDATE SET choice = excluded.choice, entry = excluded.entry, at_ms = excluded.at_ms
