-- Adds a domain or replaces what is known of it.
INSERT INTO domain (name, host, port, tls, need, window_days, stranger_refused_ms)
VALUES (:name, :host, :port, :tls, :need, :window_days, :stranger_refused_ms)
ON CONFLICT (name) DO UPDATE
SET    host = excluded.host, port = excluded.port, tls = excluded.tls, need = excluded.need,
       window_days = excluded.window_days, stranger_refused_ms = excluded.stranger_refused_ms
