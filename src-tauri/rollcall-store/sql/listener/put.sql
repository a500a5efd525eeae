-- Adds a listener or changes it.
INSERT INTO listener (name, address, port, role, tls) VALUES (:name, :address, :port, :role, :tls)
ON CONFLICT (name) DO UPDATE
SET address = excluded.address, port = excluded.port, role = excluded.role, tls = excluded.tls
