-- How many of some two thousand accounts are in a domain: enough to tell which domain is the office's own.
SELECT count(*) AS total
FROM   (SELECT domain FROM address WHERE state IN ('user', 'functional') LIMIT 2000)
WHERE  domain = :domain
