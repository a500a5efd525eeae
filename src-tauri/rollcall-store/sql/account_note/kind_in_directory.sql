-- What the directory calls an account that it has.
SELECT directory_entry.kind
FROM   directory_link
       JOIN directory_entry ON directory_entry.id = directory_link.entry
WHERE  directory_link.key = :key
