-- Writes a line of a run down.
INSERT INTO sync_change (run, position, verb, entry, kind, name, address, reason, addresses)
VALUES (:run, :position, :verb, :entry, :kind, :name, :address, :reason, :addresses)
