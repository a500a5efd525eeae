-- The latest notification of a kind that named an address since :since.
SELECT max(notification.id) AS id
FROM   notification_address AS named
JOIN   notification ON notification.id = named.id
WHERE  named.key = :key AND notification.kind = :kind AND notification.made_ms >= :since
