-- How many addresses got mail and have no row.
SELECT count(*) AS total FROM observed
WHERE  NOT EXISTS (SELECT 1 FROM address WHERE address.key = observed.key)
