-- The destination refused an invented recipient at :at.
UPDATE domain
SET    stranger_refused_ms = max(:at, coalesce(stranger_refused_ms, :at))
WHERE  name = :name
