-- How many addresses became Discovered after :after, up to and including :until.
SELECT count(*) AS total FROM address WHERE discovered_ms > :after AND discovered_ms <= :until
