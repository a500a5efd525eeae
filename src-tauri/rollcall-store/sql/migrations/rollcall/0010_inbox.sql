-- The inbox: what people are told, whether or not a desktop shows it.

CREATE TABLE notification (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    kind         TEXT    NOT NULL CHECK (kind <> ''),
    -- What a later one about the same thing has too.
    tag          TEXT    NOT NULL CHECK (tag <> ''),
    -- The mail server, domain, client or word that it is about.
    subject      TEXT    NOT NULL,
    -- Whole numbers with a space between; what each means is the kind's to say.
    numbers      TEXT    NOT NULL,
    moment_ms    INTEGER,
    -- The state of its addresses as long as there is something to decide.
    stands_while TEXT    CHECK (stands_while IN ('discovered', 'invalid', 'alias', 'user')),
    made_ms      INTEGER NOT NULL,
    -- When something last joined it.
    changed_ms   INTEGER NOT NULL CHECK (changed_ms >= made_ms),
    -- When it was last given to the shells.
    posted_ms    INTEGER,
    -- When it was last shown to somebody (X05).
    shown_ms     INTEGER,
    state        TEXT    NOT NULL CHECK (state IN ('unread', 'read', 'dealt_with', 'withdrawn'))
) STRICT;
CREATE INDEX notification_by_tag  ON notification (tag, id);
CREATE INDEX notification_by_kind ON notification (kind, posted_ms);
CREATE INDEX notification_by_time ON notification (changed_ms);
CREATE INDEX notification_open    ON notification (state, id) WHERE state IN ('unread', 'read');

-- The addresses that a notification names, and the journal entry that takes back what was done by itself.
CREATE TABLE notification_address (
    id    INTEGER NOT NULL REFERENCES notification (id) ON DELETE CASCADE,
    key   TEXT    NOT NULL CHECK (key <> ''),
    shown TEXT    NOT NULL CHECK (shown <> ''),
    entry INTEGER,
    PRIMARY KEY (id, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX notification_address_by_key ON notification_address (key, id);
