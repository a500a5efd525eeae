-- The decisions about an address since :since, the oldest first.
SELECT journal.entry, journal.at_ms, journal.who, journal.action, journal.undoes, journal_change.position
FROM   journal_change INDEXED BY journal_change_by_key
       CROSS JOIN journal ON journal.entry = journal_change.entry
WHERE  journal_change.key = :key AND journal.at_ms >= :since
ORDER  BY journal_change.entry, journal_change.position
