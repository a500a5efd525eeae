-- How many addresses there are of one state, and none where the word is no state.
SELECT coalesce((SELECT total FROM address_count WHERE state = :state), 0) AS total
