-- Sends the mail of an address where its domain's goes.
DELETE FROM address_route WHERE key = :key
