-- How many addresses have one of these states. :states is a JSON array of words.
SELECT count(*) AS total FROM address WHERE state IN (SELECT value FROM json_each(:states))
