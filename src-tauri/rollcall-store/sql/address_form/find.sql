-- The accounts that may be written in one of these ways. :forms is a JSON array.
SELECT DISTINCT key FROM address_form WHERE form IN (SELECT value FROM json_each(:forms)) ORDER BY key LIMIT :limit
