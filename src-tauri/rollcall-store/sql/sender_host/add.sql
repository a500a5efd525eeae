-- Adds a machine that may send out at the end, once.
INSERT INTO sender_host (network, note) VALUES (:network, :note)
ON CONFLICT (network) DO NOTHING
