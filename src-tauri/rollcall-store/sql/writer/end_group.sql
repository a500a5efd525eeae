-- Ends the savepoint.
RELEASE job_group
