-- Takes the row of an address away. Its evidence stays.
DELETE FROM address WHERE key = :key
