-- Forgets how an address may be written.
DELETE FROM address_form WHERE key = :key
