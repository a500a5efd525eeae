-- Keeps how far asking about an account has come. Without an answer the last one stays.
INSERT INTO reverify (key, next_ms, refusals, since_ms, asked_ms, reply)
VALUES (:key, :next, :refusals, :since, :asked, :reply)
ON CONFLICT (key) DO UPDATE SET next_ms = excluded.next_ms, refusals = excluded.refusals, since_ms = excluded.since_ms,
                                asked_ms = coalesce(excluded.asked_ms, asked_ms), reply = coalesce(excluded.reply, reply)
