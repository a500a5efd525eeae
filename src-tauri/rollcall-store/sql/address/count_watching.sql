-- How many addresses are watched.
SELECT count(*) AS total FROM address WHERE state = 'watching'
