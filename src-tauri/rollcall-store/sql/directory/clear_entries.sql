-- Forgets what the directory had.
DELETE FROM directory_entry
