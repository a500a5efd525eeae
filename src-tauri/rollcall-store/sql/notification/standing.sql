-- The addresses of a notification that still stand, the first named first in the order of their keys.
SELECT named.key, address.shown, named.entry
FROM   notification_address AS named
JOIN   address ON address.key = named.key
WHERE  named.id = :id AND address.state = :state
ORDER  BY named.key
LIMIT  :limit
