-- Another destination has to show by itself when it decides.
UPDATE domain SET decides_at_data = 0 WHERE name = :name
