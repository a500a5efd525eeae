-- What is settled for each domain, what its mail server is found to be, and what it said of recipients.

ALTER TABLE domain ADD COLUMN tag_delimiter      TEXT    NOT NULL DEFAULT '+' CHECK (tag_delimiter IN ('+', '-', 'none'));
ALTER TABLE domain ADD COLUMN strip_subdomains   INTEGER NOT NULL DEFAULT 0 CHECK (strip_subdomains IN (0, 1));
ALTER TABLE domain ADD COLUMN deliver_to_primary INTEGER NOT NULL DEFAULT 0 CHECK (deliver_to_primary IN (0, 1));
ALTER TABLE domain ADD COLUMN unknown            TEXT    NOT NULL DEFAULT 'learn' CHECK (unknown IN ('learn', 'ask', 'reject'));
ALTER TABLE domain ADD COLUMN defer_strangers    INTEGER NOT NULL DEFAULT 0 CHECK (defer_strangers IN (0, 1));
ALTER TABLE domain ADD COLUMN inactive           TEXT    NOT NULL DEFAULT 'reject' CHECK (inactive IN ('reject', 'deliver'));

-- Where recipients are asked about instead of at the destination. All three, or none.
ALTER TABLE domain ADD COLUMN verify_host TEXT    CHECK (verify_host <> '');
ALTER TABLE domain ADD COLUMN verify_port INTEGER CHECK (verify_port BETWEEN 1 AND 65535);
ALTER TABLE domain ADD COLUMN verify_tls  TEXT    CHECK (verify_tls IN ('never', 'opportunistic', 'required'));

-- Another name of a domain: its addresses are those of the domain.
CREATE TABLE domain_alias (
    alias  TEXT NOT NULL PRIMARY KEY CHECK (alias <> ''),
    domain TEXT NOT NULL REFERENCES domain (name) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX domain_alias_by_domain ON domain_alias (domain);

-- An address whose mail goes elsewhere than its domain's.
CREATE TABLE address_route (
    key  TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    host TEXT    NOT NULL CHECK (host <> ''),
    port INTEGER NOT NULL CHECK (port BETWEEN 1 AND 65535),
    tls  TEXT    NOT NULL CHECK (tls IN ('never', 'opportunistic', 'required'))
) STRICT, WITHOUT ROWID;

-- What a destination said of a recipient, so that it need not be asked again soon.
CREATE TABLE recipient_cache (
    key    TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    domain TEXT    NOT NULL,
    known  INTEGER NOT NULL CHECK (known IN (0, 1)),
    at_ms  INTEGER NOT NULL,
    reply  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recipient_cache_by_domain ON recipient_cache (domain);
CREATE INDEX recipient_cache_by_time   ON recipient_cache (at_ms);
