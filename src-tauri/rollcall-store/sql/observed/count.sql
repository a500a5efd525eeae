-- How many addresses are kept as observed.
SELECT count(*) AS total FROM observed
