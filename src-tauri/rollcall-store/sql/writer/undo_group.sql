-- Undoes what was done since the savepoint.
ROLLBACK TO job_group
