-- A decision was taken back by a later one.
UPDATE journal SET undone_by = :by_entry WHERE entry = :entry
