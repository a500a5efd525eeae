-- How many addresses have any of these states and this text, if there is one, in address or name. :states is a JSON array of words.
SELECT count(*) AS total
FROM   address
WHERE  state IN (SELECT value FROM json_each(:states)) AND (:search IS NULL OR instr(sought, :search) > 0)
