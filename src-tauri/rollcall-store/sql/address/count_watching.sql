-- How many addresses are watched.
SELECT count(*) AS total FROM address INDEXED BY address_watching WHERE state = 'watching'
