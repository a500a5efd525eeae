-- Notes what the office says of an account.
INSERT INTO account_note (key, kind, is_administrator) VALUES (:key, :kind, :is_administrator)
ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, is_administrator = excluded.is_administrator
