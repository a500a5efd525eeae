-- The last decision that belongs to the latest tick. Of a tick from before that was noted, the last one before its time.
SELECT coalesce(entry, (SELECT max(journal.entry) FROM journal WHERE journal.at_ms < weekly_tick.at_ms), 0) AS entry
FROM   weekly_tick
ORDER  BY at_ms DESC
LIMIT  1
