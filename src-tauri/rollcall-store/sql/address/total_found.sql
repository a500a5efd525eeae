-- How many addresses have one of these states and this text in address or name.
SELECT count(*) AS total
FROM   address INDEXED BY address_by_state
WHERE  state IN (SELECT value FROM json_each(:states)) AND instr(sought, :search) > 0
           AND (:only = '' OR EXISTS (
               SELECT 1 FROM outlook
               WHERE  outlook.key = address.key
                      AND CASE :only WHEN 'soon' THEN ends_ms <= :soon WHEN 'alias' THEN alias = 1 ELSE weak = 1 END))
