-- The latest weekly tick that was carried out.
SELECT max(at_ms) AS at_ms FROM weekly_tick
