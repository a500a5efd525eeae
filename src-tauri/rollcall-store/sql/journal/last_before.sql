-- The number of the last decision before a time, or 0.
SELECT coalesce(max(entry), 0) AS entry FROM journal WHERE at_ms < :at
