-- The latest run that looked at the whole answer.
SELECT max(id) AS id FROM sync_run WHERE outcome IN ('done', 'previewed', 'stopped')
