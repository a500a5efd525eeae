-- How many users there are.
SELECT count(*) AS total FROM address WHERE state = 'user'
