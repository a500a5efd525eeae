-- The destination refused content for a recipient that it had taken.
UPDATE domain SET decides_at_data = 1 WHERE name = :name AND decides_at_data = 0
