-- The directory does not have it any more.
DELETE FROM directory_entry WHERE id = :id
