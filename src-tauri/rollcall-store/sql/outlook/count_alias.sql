-- How many Discovered addresses look like another name of an account.
SELECT count(*) AS total FROM outlook INDEXED BY outlook_alias WHERE alias = 1
