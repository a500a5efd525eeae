-- How many addresses there are of each state.
SELECT state, total FROM address_count WHERE total > 0 ORDER BY state
