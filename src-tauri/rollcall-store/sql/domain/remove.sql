-- Takes a domain away.
DELETE FROM domain WHERE name = :name
