-- Accounts of a domain that were made by hand or by a rule and were never asked about.
SELECT key FROM address
WHERE  state IN ('user', 'functional', 'alias') AND domain = :domain AND made_by IS NOT 'directory'
AND    NOT EXISTS (SELECT 1 FROM reverify WHERE reverify.key = address.key)
LIMIT  :limit
