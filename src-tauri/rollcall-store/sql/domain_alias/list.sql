-- Every alias domain and whose it is, A to Z.
SELECT alias, domain FROM domain_alias ORDER BY alias
