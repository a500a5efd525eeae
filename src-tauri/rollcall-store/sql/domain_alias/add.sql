-- Adds an alias domain.
INSERT OR IGNORE INTO domain_alias (alias, domain) VALUES (:alias, :domain)
