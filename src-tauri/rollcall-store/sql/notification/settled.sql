-- Open notifications whose addresses are all decided.
SELECT id
FROM   notification
WHERE  state IN ('unread', 'read') AND stands_while IS NOT NULL
AND    NOT EXISTS (SELECT 1
                   FROM   notification_address AS named
                   JOIN   address ON address.key = named.key
                   WHERE  named.id = notification.id AND address.state = notification.stands_while)
