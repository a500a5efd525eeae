-- The accounts of a domain that are to be asked about by now, the longest due first.
SELECT reverify.key, reverify.next_ms, reverify.refusals, reverify.since_ms
FROM   reverify
JOIN   address ON address.key = reverify.key
WHERE  reverify.next_ms <= :now
AND    address.state IN ('user', 'functional', 'alias') AND address.domain = :domain
AND    address.made_by IS NOT 'directory'
ORDER  BY reverify.next_ms
LIMIT  :limit
