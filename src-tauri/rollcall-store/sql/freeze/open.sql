-- The clocks of a domain stand from :at. Nothing happens if they do already.
INSERT INTO freeze (domain, from_ms, until_ms) VALUES (:domain, :at, NULL) ON CONFLICT DO NOTHING
