-- How many addresses a notification names.
SELECT count(*) AS total FROM notification_address WHERE id = :id
