-- Open notifications of a kind name an address no more: another one does.
DELETE FROM notification_address
WHERE  key = :key
AND    id IN (SELECT id FROM notification WHERE state IN ('unread', 'read') AND kind = :kind)
