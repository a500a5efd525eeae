-- How many entries are in step.
SELECT count(DISTINCT entry) AS total FROM directory_link WHERE missing_since_ms IS NULL
