-- Every upstream, in the order given.
SELECT address, speaks FROM upstream ORDER BY position
