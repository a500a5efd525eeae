-- Keeps what a destination said of a recipient.
INSERT INTO recipient_cache (key, domain, known, at_ms, reply) VALUES (:key, :domain, :known, :at_ms, :reply)
ON CONFLICT (key) DO UPDATE
SET    domain = excluded.domain, known = excluded.known, at_ms = excluded.at_ms, reply = excluded.reply
