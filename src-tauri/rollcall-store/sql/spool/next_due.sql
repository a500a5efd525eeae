-- When the next attempt is due.
SELECT min(due_ms) AS due_ms FROM recipient WHERE state = 'queued'
