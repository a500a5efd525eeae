-- Shadow mode, accounts that are asked about again, and mail that is only observed.

-- Why we would have refused it, had shadow mode not kept us from it.
ALTER TABLE mail_log ADD COLUMN would_refuse TEXT;
CREATE INDEX mail_log_would_refuse ON mail_log (at_ms) WHERE would_refuse IS NOT NULL;

-- How far asking about each account has come: when it is asked about next, and how often its mail server refused it since.
CREATE TABLE reverify (
    key      TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    next_ms  INTEGER NOT NULL,
    refusals INTEGER NOT NULL CHECK (refusals BETWEEN 0 AND 4294967295),
    since_ms INTEGER,
    asked_ms INTEGER,
    -- What the mail server said last.
    reply    TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX reverify_by_next ON reverify (next_ms);

-- Addresses without a row that got mail while nothing was learned.
CREATE TABLE observed (
    key      TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    shown    TEXT    NOT NULL CHECK (shown <> ''),
    domain   TEXT    NOT NULL CHECK (domain <> ''),
    messages INTEGER NOT NULL CHECK (messages BETWEEN 1 AND 4294967295),
    first_ms INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX observed_by_last ON observed (last_ms);
