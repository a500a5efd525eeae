-- An address without a row got mail while nothing is learned.
INSERT INTO observed (key, shown, domain, messages, first_ms, last_ms) VALUES (:key, :shown, :domain, 1, :at, :at)
ON CONFLICT (key) DO UPDATE SET messages = min(messages + 1, 4294967295), last_ms = max(last_ms, excluded.last_ms)
