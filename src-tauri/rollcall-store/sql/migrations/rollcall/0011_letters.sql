-- The weekly report on new users and new aliases (D11, D12), and letters of our own: the week's by e-mail, and welcomes.

-- What made an account, where nobody decided.
ALTER TABLE journal ADD COLUMN cause TEXT CHECK (cause IN ('threshold', 'outbound', 'expiry', 'same_name', 'directory'));
-- The last decision before a tick: reports begin behind it and end with the next one's, so that none is missed or twice.
ALTER TABLE weekly_tick ADD COLUMN entry INTEGER;

CREATE TABLE report (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms    INTEGER NOT NULL,
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER NOT NULL CHECK (until_ms >= from_ms),
    -- Discovered addresses that waited for a decision then.
    waiting  INTEGER NOT NULL CHECK (waiting >= 0)
) STRICT;

CREATE TABLE report_row (
    report   INTEGER NOT NULL REFERENCES report (id) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    kind     TEXT    NOT NULL CHECK (kind IN ('user', 'alias')),
    key      TEXT    NOT NULL CHECK (key <> ''),
    shown    TEXT    NOT NULL,
    owner    TEXT,
    at_ms    INTEGER NOT NULL,
    cause    TEXT    NOT NULL CHECK (cause IN ('operator', 'threshold', 'outbound', 'expiry', 'same_name', 'directory')),
    who      TEXT    NOT NULL,
    PRIMARY KEY (report, position)
) STRICT, WITHOUT ROWID;

-- A letter is written down with what causes it, and goes into the spool once it is due. Its queue id is drawn here, so
-- that a crash in between is seen and nobody gets it twice.
CREATE TABLE letter (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    kind       TEXT    NOT NULL CHECK (kind IN ('week', 'welcome')),
    -- Whose contact gets the week's.
    audience   TEXT             CHECK (audience IN ('technician', 'organization_administrator')),
    -- Who is welcomed.
    key        TEXT             CHECK (key <> ''),
    queue_id   TEXT    NOT NULL UNIQUE,
    made_ms    INTEGER NOT NULL,
    due_ms     INTEGER NOT NULL,
    -- What the week's says; a welcome is written when it goes.
    subject    TEXT,
    text       TEXT,
    html       TEXT,
    state      TEXT    NOT NULL CHECK (state IN ('due', 'sent', 'dropped', 'failed')),
    settled_ms INTEGER,
    why        TEXT,
    CHECK ((kind = 'week') = (audience IS NOT NULL)),
    CHECK ((kind = 'welcome') = (key IS NOT NULL)),
    CHECK ((state = 'due') = (settled_ms IS NULL))
) STRICT;
CREATE INDEX letter_due ON letter (due_ms) WHERE state = 'due';
CREATE UNIQUE INDEX letter_welcome ON letter (key) WHERE kind = 'welcome' AND state = 'due';
CREATE INDEX letter_settled ON letter (settled_ms) WHERE settled_ms IS NOT NULL;
