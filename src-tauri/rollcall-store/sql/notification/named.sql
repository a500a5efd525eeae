-- The addresses that a notification names.
SELECT key, shown, entry FROM notification_address WHERE id = :id ORDER BY key LIMIT :limit
