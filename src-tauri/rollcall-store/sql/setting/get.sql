-- The value of a setting.
SELECT value FROM setting WHERE name = :name
