-- What the office says of an account.
SELECT kind, is_administrator FROM account_note WHERE key = :key
