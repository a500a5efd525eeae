-- rollcall.db: what was learned and decided. Times are milliseconds since 1970 in UTC.

-- What the folder is for. Written once.
CREATE TABLE folder (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    kind TEXT    NOT NULL CHECK (kind IN ('real', 'practice'))
) STRICT;
CREATE TRIGGER folder_kind_stays BEFORE UPDATE ON folder
BEGIN
    SELECT RAISE(ABORT, 'the kind of a folder never changes');
END;

-- A domain we relay for, its destination and its discovery rule.
CREATE TABLE domain (
    name                TEXT    NOT NULL PRIMARY KEY CHECK (name <> ''),
    host                TEXT    NOT NULL CHECK (host <> ''),
    port                INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    tls                 TEXT    NOT NULL CHECK (tls IN ('never', 'opportunistic', 'required')),
    need                INTEGER NOT NULL CHECK (need BETWEEN 1 AND 50),
    window_days         INTEGER NOT NULL CHECK (window_days BETWEEN 1 AND 3650),
    stranger_refused_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE listener (
    name    TEXT    NOT NULL PRIMARY KEY CHECK (name <> ''),
    address TEXT    NOT NULL CHECK (address <> ''),
    port    INTEGER NOT NULL CHECK (port BETWEEN 0 AND 65535)
) STRICT, WITHOUT ROWID;

-- Clients that hand on mail for others, so that no rule about clients applies to them.
CREATE TABLE upstream (
    position INTEGER PRIMARY KEY,
    address  TEXT    NOT NULL UNIQUE CHECK (address <> '')
) STRICT;

CREATE TABLE setting (
    name  TEXT NOT NULL PRIMARY KEY CHECK (name <> ''),
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The directory. `sought` is address, first name and surname in lower case, a line each: what a search looks through.
CREATE TABLE address (
    key            TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    shown          TEXT    NOT NULL CHECK (shown <> ''),
    domain         TEXT    NOT NULL CHECK (domain <> ''),
    state          TEXT    NOT NULL CHECK (state IN ('watching', 'discovered', 'user', 'functional', 'alias',
                                                     'inactive', 'invalid', 'never_add')),
    role           TEXT             CHECK (role IN ('silent', 'end')),
    invalid_reason TEXT             CHECK (invalid_reason IN ('manual', 'expired', 'bounced')),
    source         TEXT    NOT NULL CHECK (source IN ('mail', 'manual')),
    first_name     TEXT,
    surname        TEXT,
    clean_count    INTEGER NOT NULL CHECK (clean_count BETWEEN 0 AND 4294967295),
    first_seen_ms  INTEGER NOT NULL,
    last_seen_ms   INTEGER NOT NULL,
    discovered_ms  INTEGER,
    decided_ms     INTEGER,
    changed_ms     INTEGER NOT NULL,
    suspect_ms     INTEGER,
    refused_count  INTEGER NOT NULL CHECK (refused_count BETWEEN 0 AND 4294967295),
    sought         TEXT    NOT NULL,
    CHECK ((state = 'user') = (role IS NOT NULL)),
    CHECK ((state = 'invalid') = (invalid_reason IS NOT NULL))
) STRICT;
-- What counts and searches look through.
CREATE INDEX address_by_state       ON address (state, sought);
-- One index an order of the list. Each holds the state, so that a row of another state is passed over unread.
CREATE INDEX address_by_key         ON address (key, state);
CREATE INDEX address_by_last_seen   ON address (last_seen_ms DESC, key, state);
CREATE INDEX address_by_discovered  ON address (discovered_ms, key, state);
CREATE INDEX address_by_clean_count ON address (clean_count DESC, key, state);
CREATE INDEX address_by_decided     ON address (decided_ms) WHERE decided_ms IS NOT NULL;

-- One dated observation about an address. The address need not have a row: a removed one keeps its past.
CREATE TABLE evidence (
    id                  INTEGER PRIMARY KEY,
    key                 TEXT    NOT NULL CHECK (key <> ''),
    at_ms               INTEGER NOT NULL,
    kind                TEXT    NOT NULL CHECK (kind IN ('delivered', 'refused_by_server', 'refused_by_us',
                                                         'taken_for_later')),
    counted             INTEGER NOT NULL CHECK (counted IN (0, 1)),
    not_counted_because TEXT,
    sender              TEXT    NOT NULL,
    sender_domain       TEXT    NOT NULL,
    subject             TEXT,
    client_ip           TEXT    NOT NULL,
    lines               TEXT,
    CHECK (counted = 0 OR not_counted_because IS NULL)
) STRICT;
CREATE INDEX evidence_by_key  ON evidence (key, at_ms, counted);
CREATE INDEX evidence_by_time ON evidence (at_ms);

-- When a sender domain last wrote a counted message to an address: how many domains wrote, without reading evidence.
CREATE TABLE evidence_sender (
    key             TEXT    NOT NULL,
    sender_domain   TEXT    NOT NULL CHECK (sender_domain <> ''),
    last_counted_ms INTEGER NOT NULL,
    PRIMARY KEY (key, sender_domain)
) STRICT, WITHOUT ROWID;
CREATE INDEX evidence_sender_by_time ON evidence_sender (last_counted_ms);

-- What an account received, a row a day.
CREATE TABLE address_day (
    key      TEXT    NOT NULL CHECK (key <> ''),
    day_ms   INTEGER NOT NULL,
    received INTEGER NOT NULL CHECK (received >= 0),
    refused  INTEGER NOT NULL CHECK (refused >= 0),
    PRIMARY KEY (key, day_ms)
) STRICT, WITHOUT ROWID;

-- Who decided what, when, why.
CREATE TABLE journal (
    entry     INTEGER PRIMARY KEY AUTOINCREMENT,
    at_ms     INTEGER NOT NULL,
    who       TEXT    NOT NULL,
    action    TEXT    NOT NULL CHECK (action <> ''),
    why       TEXT    NOT NULL,
    undoable  INTEGER NOT NULL CHECK (undoable IN (0, 1)),
    undoes    INTEGER REFERENCES journal (entry),
    undone_by INTEGER REFERENCES journal (entry)
) STRICT;

-- The addresses of a decision, in the order they were given.
CREATE TABLE journal_change (
    entry    INTEGER NOT NULL REFERENCES journal (entry) ON DELETE CASCADE,
    position INTEGER NOT NULL CHECK (position >= 0),
    key      TEXT    NOT NULL CHECK (key <> ''),
    shown    TEXT    NOT NULL,
    PRIMARY KEY (entry, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX journal_change_by_key ON journal_change (key, entry);

-- The row of an address before and after a decision. No image before: there was no row.
CREATE TABLE journal_image (
    entry          INTEGER NOT NULL,
    position       INTEGER NOT NULL,
    side           TEXT    NOT NULL CHECK (side IN ('before', 'after')),
    key            TEXT    NOT NULL CHECK (key <> ''),
    shown          TEXT    NOT NULL CHECK (shown <> ''),
    domain         TEXT    NOT NULL CHECK (domain <> ''),
    state          TEXT    NOT NULL CHECK (state IN ('watching', 'discovered', 'user', 'functional', 'alias',
                                                     'inactive', 'invalid', 'never_add')),
    role           TEXT             CHECK (role IN ('silent', 'end')),
    invalid_reason TEXT             CHECK (invalid_reason IN ('manual', 'expired', 'bounced')),
    source         TEXT    NOT NULL CHECK (source IN ('mail', 'manual')),
    first_name     TEXT,
    surname        TEXT,
    clean_count    INTEGER NOT NULL CHECK (clean_count BETWEEN 0 AND 4294967295),
    first_seen_ms  INTEGER NOT NULL,
    last_seen_ms   INTEGER NOT NULL,
    discovered_ms  INTEGER,
    decided_ms     INTEGER,
    changed_ms     INTEGER NOT NULL,
    suspect_ms     INTEGER,
    refused_count  INTEGER NOT NULL CHECK (refused_count BETWEEN 0 AND 4294967295),
    PRIMARY KEY (entry, position, side),
    FOREIGN KEY (entry, position) REFERENCES journal_change (entry, position) ON DELETE CASCADE,
    CHECK ((state = 'user') = (role IS NOT NULL)),
    CHECK ((state = 'invalid') = (invalid_reason IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- One row a recipient and what became of it. `outcome_ms` is when the outcome was known: for mail that waited, later
-- than `at_ms`. `sought` is what a search looks through, in lower case.
CREATE TABLE mail_log (
    id                INTEGER PRIMARY KEY,
    at_ms             INTEGER NOT NULL,
    session           TEXT    NOT NULL,
    outcome           TEXT    NOT NULL CHECK (outcome IN ('delivered', 'refused', 'deferred', 'waiting', 'failed')),
    outcome_ms        INTEGER NOT NULL,
    reason            TEXT    NOT NULL,
    sender            TEXT    NOT NULL,
    recipient         TEXT    NOT NULL,
    client_ip         TEXT    NOT NULL,
    client_name       TEXT    NOT NULL,
    subject           TEXT,
    size_bytes        INTEGER CHECK (size_bytes >= 0),
    duration_ms       INTEGER NOT NULL CHECK (duration_ms >= 0),
    reply             TEXT    NOT NULL,
    destination_reply TEXT,
    destination       TEXT,
    queue_id          TEXT,
    sought            TEXT    NOT NULL
) STRICT;
CREATE INDEX mail_log_by_outcome ON mail_log (outcome, at_ms);
CREATE INDEX mail_log_by_time    ON mail_log (at_ms);
CREATE INDEX mail_log_delivered  ON mail_log (outcome_ms) WHERE outcome = 'delivered';
CREATE INDEX mail_log_waiting    ON mail_log (queue_id, recipient) WHERE outcome = 'waiting';
