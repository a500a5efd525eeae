-- Names an address that a decision concerns.
INSERT INTO journal_change (entry, position, key, shown) VALUES (:entry, :position, :key, :shown)
