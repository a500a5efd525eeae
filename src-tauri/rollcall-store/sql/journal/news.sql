-- The latest decisions but for first sights, which every new name brings and nobody needs on the first page.
SELECT entry, at_ms, who, action, why, undoable, undoes, undone_by IS NOT NULL AS undone,
       (SELECT count(*) FROM journal_change WHERE journal_change.entry = journal.entry) AS total
FROM   journal
WHERE  action <> 'watching'
ORDER  BY entry DESC
LIMIT  :limit
