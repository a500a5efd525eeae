-- One run.
SELECT id, started_ms, took_ms, cause, who, outcome, sentence, found, added, updated, missing, deleted, problems,
       rows_written, entry
FROM   sync_run
WHERE  id = :id
