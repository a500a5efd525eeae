-- Takes the alias domains of a domain away.
DELETE FROM domain_alias WHERE domain = :domain
