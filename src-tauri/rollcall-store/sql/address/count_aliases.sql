-- How many other names an account has.
SELECT count(*) AS total FROM address WHERE owner = :owner
