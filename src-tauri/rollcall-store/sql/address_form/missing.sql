-- The accounts behind :after of which it is not filed how they may be written.
SELECT key FROM address
WHERE  state IN ('user', 'functional') AND key > :after
       AND NOT EXISTS (SELECT 1 FROM address_form WHERE address_form.key = address.key)
ORDER  BY key
LIMIT  :limit
