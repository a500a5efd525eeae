-- Forgets what came from the directory. The accounts stay.
DELETE FROM directory_link
