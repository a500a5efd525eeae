-- Notes how a run ended that was written down while it went on.
UPDATE sync_run
SET    took_ms = :took_ms, outcome = :outcome, sentence = :sentence, found = :found, added = :added, updated = :updated,
       missing = :missing, deleted = :deleted, problems = :problems, rows_written = :rows_written, entry = :entry
WHERE  id = :id
