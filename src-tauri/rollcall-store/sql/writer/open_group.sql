-- Opens a savepoint for jobs that are kept or undone together.
SAVEPOINT job_group
