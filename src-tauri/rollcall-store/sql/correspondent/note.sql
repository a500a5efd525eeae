-- An address of ours wrote to somebody outside at :at.
INSERT INTO correspondent (key, outside, at_ms) VALUES (:key, :outside, :at)
ON CONFLICT (key, outside) DO UPDATE SET at_ms = max(at_ms, excluded.at_ms)
