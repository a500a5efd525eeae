-- How many Discovered addresses there are of which :only is foretold, and that have this text, if there is one, in address or name.
SELECT count(*) AS total
FROM   outlook
       JOIN address ON address.key = outlook.key
WHERE  CASE :only WHEN '' THEN 1 WHEN 'soon' THEN ends_ms <= :soon WHEN 'alias' THEN alias = 1 ELSE weak = 1 END
       AND (:search IS NULL OR instr(sought, :search) > 0)
