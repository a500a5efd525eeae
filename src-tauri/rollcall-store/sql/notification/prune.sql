-- Forgets notifications to which nothing came since :before.
DELETE FROM notification WHERE changed_ms < :before
