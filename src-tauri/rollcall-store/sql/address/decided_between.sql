-- How many addresses were decided about after :after, up to and including :until.
SELECT count(*) AS total FROM address WHERE decided_ms > :after AND decided_ms <= :until
