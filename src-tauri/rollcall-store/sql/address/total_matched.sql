-- How many addresses of one state have this text in address or name. For a text that few rows have: all are read, not those of the state (+).
SELECT count(*) AS total
FROM   address
WHERE  rowid IN (SELECT rowid FROM address_sought WHERE address_sought MATCH :match) AND +state = :state
