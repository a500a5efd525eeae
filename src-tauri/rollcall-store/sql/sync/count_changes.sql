-- How many lines a run has, of one verb or of all.
SELECT count(*) AS total FROM sync_change WHERE run = :run AND (:verb IS NULL OR verb = :verb)
