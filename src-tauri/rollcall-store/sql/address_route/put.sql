-- Sends the mail of an address elsewhere.
INSERT INTO address_route (key, host, port, tls) VALUES (:key, :host, :port, :tls)
ON CONFLICT (key) DO UPDATE SET host = excluded.host, port = excluded.port, tls = excluded.tls
