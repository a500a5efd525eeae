-- How many addresses there are of one state.
SELECT total FROM address_count WHERE state = :state
