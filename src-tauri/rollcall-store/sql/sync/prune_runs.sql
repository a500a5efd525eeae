-- Forgets all but the latest runs.
DELETE FROM sync_run WHERE id <= (SELECT max(id) FROM sync_run) - :keep
