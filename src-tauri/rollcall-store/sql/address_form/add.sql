-- An account may be written so.
INSERT INTO address_form (form, key) VALUES (:form, :key) ON CONFLICT DO NOTHING
