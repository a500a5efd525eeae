-- How many addresses have this text in address or name, watched ones apart, but no more than :most are counted.
SELECT count(*) AS total FROM (SELECT rowid FROM address_sought WHERE address_sought MATCH :match LIMIT :most)
