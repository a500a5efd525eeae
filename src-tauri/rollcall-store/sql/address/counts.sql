-- How many addresses there are of each state.
SELECT state, count(*) AS total FROM address GROUP BY state ORDER BY state
