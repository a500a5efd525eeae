-- Writes a run down.
INSERT INTO sync_run (started_ms, took_ms, cause, who, outcome, sentence, found, added, updated, missing, deleted, problems,
                      rows_written, entry)
VALUES (:started_ms, :took_ms, :cause, :who, :outcome, :sentence, :found, :added, :updated, :missing, :deleted, :problems,
        :rows_written, :entry)
