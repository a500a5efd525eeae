-- Forgets that an address came from the directory.
DELETE FROM directory_link WHERE key = :key
