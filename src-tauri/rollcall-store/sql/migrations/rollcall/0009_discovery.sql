-- The rule of a domain is whole: what counts, when an address is discovered, when it ends, who makes users. An address
-- knows its notices, who made it an account and whose other name it is. Time in which discovery was off is kept apart.

ALTER TABLE domain ADD COLUMN basis             TEXT    NOT NULL DEFAULT 'clean_delivered' CHECK (basis IN ('rcpt_ok', 'clean_delivered'));
ALTER TABLE domain ADD COLUMN settle_minutes    INTEGER NOT NULL DEFAULT 0 CHECK (settle_minutes BETWEEN 0 AND 1440);
ALTER TABLE domain ADD COLUMN per_sender_domain INTEGER CHECK (per_sender_domain BETWEEN 1 AND 50);
ALTER TABLE domain ADD COLUMN on_reached        TEXT    NOT NULL DEFAULT 'list' CHECK (on_reached IN ('list', 'create_user'));
ALTER TABLE domain ADD COLUMN notices           INTEGER NOT NULL DEFAULT 3 CHECK (notices BETWEEN 1 AND 12);
ALTER TABLE domain ADD COLUMN on_expiry         TEXT    NOT NULL DEFAULT 'invalid' CHECK (on_expiry IN ('invalid', 'create_user', 'keep'));
ALTER TABLE domain ADD COLUMN outbound          TEXT    NOT NULL DEFAULT 'list' CHECK (outbound IN ('list', 'create_user', 'off'));
ALTER TABLE domain ADD COLUMN alias_rule        TEXT    NOT NULL DEFAULT 'auto' CHECK (alias_rule IN ('auto', 'suggest', 'off'));
ALTER TABLE domain ADD COLUMN unknown_when_off  TEXT    NOT NULL DEFAULT 'reject' CHECK (unknown_when_off IN ('ask', 'reject'));
ALTER TABLE domain ADD COLUMN new_role          TEXT    NOT NULL DEFAULT 'silent' CHECK (new_role IN ('silent', 'end'));
ALTER TABLE domain ADD COLUMN welcome           INTEGER NOT NULL DEFAULT 0 CHECK (welcome IN (0, 1));

-- When the clocks of a domain stood. At most one is open.
CREATE TABLE freeze (
    domain   TEXT    NOT NULL CHECK (domain <> ''),
    from_ms  INTEGER NOT NULL,
    until_ms INTEGER CHECK (until_ms >= from_ms),
    PRIMARY KEY (domain, from_ms)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX freeze_open ON freeze (domain) WHERE until_ms IS NULL;

-- The weekly ticks that were carried out.
CREATE TABLE weekly_tick (
    at_ms  INTEGER NOT NULL PRIMARY KEY,
    missed INTEGER NOT NULL CHECK (missed >= 0)
) STRICT;

-- Whom an address of ours last wrote to outside, so that an answer is known as one.
CREATE TABLE correspondent (
    key     TEXT    NOT NULL CHECK (key <> ''),
    outside TEXT    NOT NULL CHECK (outside <> ''),
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (key, outside)
) STRICT, WITHOUT ROWID;
CREATE INDEX correspondent_by_time ON correspondent (at_ms);

CREATE TABLE address_new (
    key            TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    shown          TEXT    NOT NULL CHECK (shown <> ''),
    domain         TEXT    NOT NULL CHECK (domain <> ''),
    state          TEXT    NOT NULL CHECK (state IN ('watching', 'discovered', 'user', 'functional', 'alias',
                                                     'inactive', 'invalid', 'never_add')),
    role           TEXT             CHECK (role IN ('silent', 'end')),
    invalid_reason TEXT             CHECK (invalid_reason IN ('manual', 'expired', 'bounced')),
    source         TEXT    NOT NULL CHECK (source IN ('mail', 'outbound', 'manual', 'csv', 'directory')),
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
    notices        INTEGER NOT NULL CHECK (notices BETWEEN 0 AND 4294967295),
    notice_ms      INTEGER,
    held_until_ms  INTEGER,
    pinned         INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    made_by        TEXT             CHECK (made_by IN ('operator', 'rule', 'directory')),
    owner          TEXT             CHECK (owner <> ''),
    sought         TEXT    NOT NULL,
    CHECK ((state = 'user') = (role IS NOT NULL)),
    CHECK ((state = 'invalid') = (invalid_reason IS NOT NULL))
) STRICT;
INSERT INTO address_new (rowid, key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count,
                         first_seen_ms, last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
                         notices, notice_ms, held_until_ms, pinned, made_by, owner, sought)
SELECT rowid, key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       0, NULL, NULL, 0, CASE WHEN state IN ('user', 'functional', 'alias') THEN 'operator' END, NULL, sought
FROM   address;
DROP TABLE address;
ALTER TABLE address_new RENAME TO address;
CREATE INDEX address_by_state       ON address (state, sought);
CREATE INDEX address_by_key         ON address (key, state);
CREATE INDEX address_by_last_seen   ON address (last_seen_ms DESC, key, state);
CREATE INDEX address_by_discovered  ON address (discovered_ms, key, state);
CREATE INDEX address_by_clean_count ON address (clean_count DESC, key, state);
CREATE INDEX address_by_decided     ON address (decided_ms) WHERE decided_ms IS NOT NULL;
CREATE INDEX address_by_owner       ON address (owner) WHERE owner IS NOT NULL;

CREATE TABLE journal_image_new (
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
    source         TEXT    NOT NULL CHECK (source IN ('mail', 'outbound', 'manual', 'csv', 'directory')),
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
    notices        INTEGER NOT NULL CHECK (notices BETWEEN 0 AND 4294967295),
    notice_ms      INTEGER,
    held_until_ms  INTEGER,
    pinned         INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    made_by        TEXT             CHECK (made_by IN ('operator', 'rule', 'directory')),
    owner          TEXT             CHECK (owner <> ''),
    PRIMARY KEY (entry, position, side),
    FOREIGN KEY (entry, position) REFERENCES journal_change (entry, position) ON DELETE CASCADE,
    CHECK ((state = 'user') = (role IS NOT NULL)),
    CHECK ((state = 'invalid') = (invalid_reason IS NOT NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO journal_image_new (entry, position, side, key, shown, domain, state, role, invalid_reason, source, first_name,
                               surname, clean_count, first_seen_ms, last_seen_ms, discovered_ms, decided_ms, changed_ms,
                               suspect_ms, refused_count, notices, notice_ms, held_until_ms, pinned, made_by, owner)
SELECT entry, position, side, key, shown, domain, state, role, invalid_reason, source, first_name, surname, clean_count, first_seen_ms,
       last_seen_ms, discovered_ms, decided_ms, changed_ms, suspect_ms, refused_count,
       0, NULL, NULL, 0, CASE WHEN state IN ('user', 'functional', 'alias') THEN 'operator' END, NULL
FROM   journal_image;
DROP TABLE journal_image;
ALTER TABLE journal_image_new RENAME TO journal_image;

CREATE TABLE evidence_new (
    id                  INTEGER PRIMARY KEY,
    key                 TEXT    NOT NULL CHECK (key <> ''),
    at_ms               INTEGER NOT NULL,
    kind                TEXT    NOT NULL CHECK (kind IN ('delivered', 'refused_by_server', 'refused_by_us',
                                                         'taken_for_later', 'sent', 'bounced')),
    counted             INTEGER NOT NULL CHECK (counted IN (0, 1)),
    not_counted_because TEXT,
    sender              TEXT    NOT NULL,
    sender_domain       TEXT    NOT NULL,
    subject             TEXT,
    client_ip           TEXT    NOT NULL,
    lines               TEXT,
    message_id          TEXT,
    -- When it counts, if no bounce comes before.
    settles_ms          INTEGER,
    -- The sender answers what the address wrote.
    is_reply            INTEGER NOT NULL CHECK (is_reply IN (0, 1)),
    CHECK (counted = 0 OR not_counted_because IS NULL)
) STRICT;
INSERT INTO evidence_new (id, key, at_ms, kind, counted, not_counted_because, sender, sender_domain, subject, client_ip,
                          lines, message_id, settles_ms, is_reply)
SELECT id, key, at_ms, kind, counted, not_counted_because, sender, sender_domain, subject, client_ip, lines, NULL, NULL, 0
FROM   evidence;
DROP TABLE evidence;
ALTER TABLE evidence_new RENAME TO evidence;
CREATE INDEX evidence_by_key   ON evidence (key, at_ms, counted);
CREATE INDEX evidence_by_time  ON evidence (at_ms);
CREATE INDEX evidence_settling ON evidence (settles_ms) WHERE settles_ms IS NOT NULL;
