-- What decisions behind :after made a user or an alias, oldest first. A decision that was taken back made nothing, unless
-- taking it back was taken back too.
SELECT journal.entry, journal.at_ms, journal.who, journal.cause, made.key, made.shown, made.owner
FROM   journal
JOIN   journal_image AS made ON made.entry = journal.entry AND made.side = 'after' AND made.state = :state
LEFT   JOIN journal_image AS was ON was.entry = made.entry AND was.position = made.position AND was.side = 'before'
WHERE  journal.entry > :after
AND    journal.undoes IS NULL
AND    coalesce(was.state, '') <> :state
AND    (WITH RECURSIVE back (by) AS (
            SELECT journal.undone_by
            UNION ALL
            SELECT next.undone_by FROM journal AS next JOIN back ON next.entry = back.by
        ) SELECT count(by) % 2 FROM back) = 0
ORDER  BY journal.entry, made.position
