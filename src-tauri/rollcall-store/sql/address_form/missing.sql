-- The accounts of which it is not filed how they may be written.
SELECT key FROM address
WHERE  state IN ('user', 'functional')
       AND NOT EXISTS (SELECT 1 FROM address_form WHERE address_form.key = address.key)
LIMIT  :limit
