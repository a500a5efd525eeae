-- The addresses that a decision concerns, in the order they were given.
SELECT position, key FROM journal_change WHERE entry = :entry ORDER BY position
