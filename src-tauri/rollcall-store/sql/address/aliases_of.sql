-- The other names of an account.
SELECT key FROM address WHERE owner = :owner ORDER BY key
