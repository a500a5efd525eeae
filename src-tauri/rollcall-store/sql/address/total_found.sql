-- How many addresses of one state have this text in address or name, but no more than :most are counted.
SELECT count(*) AS total
FROM   (
    SELECT key FROM address INDEXED BY address_by_key
    WHERE  state = :state AND instr(sought, :search) > 0
    LIMIT  :most
)
