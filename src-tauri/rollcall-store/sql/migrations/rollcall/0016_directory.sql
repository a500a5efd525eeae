-- The sync with a directory. Its settings stand among the settings, its secret nowhere in this file.

-- What the directory had at the last good run, whole.
CREATE TABLE directory_entry (
    id           TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    kind         TEXT    NOT NULL CHECK (kind IN ('person', 'shared_mailbox', 'resource', 'distribution_group',
                                                  'security_group', 'public_folder', 'contact')),
    is_enabled   INTEGER NOT NULL CHECK (is_enabled IN (0, 1)),
    is_hidden    INTEGER NOT NULL CHECK (is_hidden IN (0, 1)),
    display_name TEXT,
    first_name   TEXT,
    surname      TEXT,
    main         TEXT,
    -- A line each, in the order of the directory.
    aliases      TEXT    NOT NULL,
    place        TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- What the last run left of an address: what differs from it, the operator changed.
CREATE TABLE directory_link (
    key              TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    entry            TEXT    NOT NULL CHECK (entry <> ''),
    -- The sync made the account.
    ours             INTEGER NOT NULL CHECK (ours IN (0, 1)),
    state            TEXT    NOT NULL,
    role             TEXT,
    invalid_reason   TEXT,
    owner            TEXT,
    first_name       TEXT,
    surname          TEXT,
    -- What it was before the sync made it inactive.
    before_state     TEXT,
    before_role      TEXT,
    missing_since_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX directory_link_missing ON directory_link (missing_since_ms, key) WHERE missing_since_ms IS NOT NULL;
CREATE INDEX directory_link_entry ON directory_link (entry);

-- Entries that sync leaves alone for ever, with the name they had then.
CREATE TABLE sync_exempt (
    id    TEXT    NOT NULL PRIMARY KEY CHECK (id <> ''),
    name  TEXT    NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How the operator settled what was asked about an address.
CREATE TABLE sync_choice (
    key    TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    choice TEXT    NOT NULL CHECK (choice IN ('directory', 'entry', 'keep')),
    entry  TEXT,
    at_ms  INTEGER NOT NULL,
    CHECK ((choice = 'entry') = (entry IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_run (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    started_ms   INTEGER NOT NULL,
    took_ms      INTEGER NOT NULL,
    cause        TEXT    NOT NULL CHECK (cause IN ('schedule', 'now', 'preview')),
    who          TEXT    NOT NULL,
    outcome      TEXT    NOT NULL CHECK (outcome IN ('done', 'previewed', 'stopped', 'failed', 'cancelled')),
    sentence     TEXT    NOT NULL,
    found        INTEGER NOT NULL,
    added        INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    missing      INTEGER NOT NULL,
    deleted      INTEGER NOT NULL,
    problems     INTEGER NOT NULL,
    rows_written INTEGER NOT NULL,
    entry        INTEGER REFERENCES journal (entry) ON DELETE SET NULL
) STRICT;
CREATE INDEX sync_run_entry ON sync_run (entry) WHERE entry IS NOT NULL;

-- What a run did, or would have done, with an entry.
CREATE TABLE sync_change (
    run       INTEGER NOT NULL REFERENCES sync_run (id) ON DELETE CASCADE,
    position  INTEGER NOT NULL,
    verb      TEXT    NOT NULL CHECK (verb IN ('add', 'update', 'missing', 'delete')),
    entry     TEXT    NOT NULL,
    kind      TEXT    NOT NULL,
    name      TEXT    NOT NULL,
    address   TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    -- The addresses that change, a line each.
    addresses TEXT    NOT NULL,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

-- What a run found wrong.
CREATE TABLE sync_problem (
    run      INTEGER NOT NULL REFERENCES sync_run (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    address  TEXT,
    domain   TEXT,
    total    INTEGER NOT NULL,
    -- Ids and names of entries in turn, a line each.
    entries  TEXT    NOT NULL,
    account  TEXT,
    PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
