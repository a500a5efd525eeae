-- Lines of a run, of one verb or of all.
SELECT verb, entry, kind, name, address, reason, addresses
FROM   sync_change
WHERE  run = :run AND (:verb IS NULL OR verb = :verb)
ORDER  BY position
LIMIT  :limit OFFSET :offset
