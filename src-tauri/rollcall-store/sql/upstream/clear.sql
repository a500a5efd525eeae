-- Forgets every upstream.
DELETE FROM upstream
