-- Takes a listener away.
DELETE FROM listener WHERE name = :name
