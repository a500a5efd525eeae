-- How many addresses came into a state since :since.
SELECT count(*) AS total FROM address WHERE state = :state AND changed_ms >= :since
