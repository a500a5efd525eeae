-- An account of a domain, the one seen last, to ask its mail server about.
SELECT shown FROM address
WHERE  domain = :domain AND state IN ('user', 'functional', 'alias')
ORDER BY last_seen_ms DESC
LIMIT 1
