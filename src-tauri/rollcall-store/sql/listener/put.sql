-- Adds a listener or moves it.
INSERT INTO listener (name, address, port) VALUES (:name, :address, :port)
ON CONFLICT (name) DO UPDATE SET address = excluded.address, port = excluded.port
