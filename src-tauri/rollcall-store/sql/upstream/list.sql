-- Every upstream, in the order given.
SELECT address FROM upstream ORDER BY position
