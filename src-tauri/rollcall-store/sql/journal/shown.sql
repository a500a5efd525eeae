-- The first addresses that a decision concerns.
SELECT shown FROM journal_change WHERE entry = :entry ORDER BY position LIMIT :limit
