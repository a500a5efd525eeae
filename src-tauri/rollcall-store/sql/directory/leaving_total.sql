-- How many accounts left the directory and wait, of those that left by :by.
SELECT count(*) AS total
FROM   directory_link AS link
JOIN   address ON address.key = link.key AND address.state = 'inactive'
WHERE  link.missing_since_ms <= :by
