-- The latest decisions that concern an address, newest first.
SELECT entry, at_ms, who, action, why, undoable, undoes, undone_by IS NOT NULL AS undone,
       (SELECT count(*) FROM journal_change WHERE journal_change.entry = journal.entry) AS total
FROM   journal
WHERE  entry IN (SELECT entry FROM journal_change WHERE key = :key)
ORDER  BY entry DESC
LIMIT  :limit
