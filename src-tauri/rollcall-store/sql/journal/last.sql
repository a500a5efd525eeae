-- The number of the latest decision, or 0.
SELECT coalesce(max(entry), 0) AS entry FROM journal
