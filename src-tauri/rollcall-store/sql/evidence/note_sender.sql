-- A sender domain wrote a counted message to an address at :at.
INSERT INTO evidence_sender (key, sender_domain, last_counted_ms) VALUES (:key, :sender_domain, :at)
ON CONFLICT (key, sender_domain) DO UPDATE SET last_counted_ms = max(last_counted_ms, excluded.last_counted_ms)
