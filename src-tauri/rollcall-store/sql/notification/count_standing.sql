-- How many addresses of a notification still stand.
SELECT count(*) AS total
FROM   notification_address AS named
JOIN   address ON address.key = named.key
WHERE  named.id = :id AND address.state = :state
