-- Adds a domain or replaces where its mail goes. Its rule stays.
INSERT INTO domain (name, host, port, tls, need, window_days, stranger_refused_ms)
VALUES (:name, :host, :port, :tls, :need, :window_days, :stranger_refused_ms)
ON CONFLICT (name) DO UPDATE
SET    host = excluded.host, port = excluded.port, tls = excluded.tls, stranger_refused_ms = excluded.stranger_refused_ms
