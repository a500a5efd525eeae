-- How many addresses have one of these states and this text in address or name.
SELECT count(*) AS total
FROM   address INDEXED BY address_by_state
WHERE  state IN (SELECT value FROM json_each(:states)) AND instr(sought, :search) > 0
