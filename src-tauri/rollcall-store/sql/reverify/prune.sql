-- Forgets what was asked about addresses that are no accounts any more.
DELETE FROM reverify
WHERE  NOT EXISTS (SELECT 1 FROM address
                   WHERE address.key = reverify.key AND address.state IN ('user', 'functional', 'alias'))
