-- When the first decision was made.
SELECT at_ms FROM journal ORDER BY entry LIMIT 1
