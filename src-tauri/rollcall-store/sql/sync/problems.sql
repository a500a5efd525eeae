-- What a run found wrong.
SELECT kind, address, domain, total, entries, account FROM sync_problem WHERE run = :run ORDER BY position LIMIT :limit
