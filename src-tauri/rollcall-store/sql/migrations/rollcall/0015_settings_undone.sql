-- What a change of a setting replaced, so that it can be taken back like a decision about an address (X04).
CREATE TABLE journal_setting (
    entry  INTEGER NOT NULL REFERENCES journal (entry) ON DELETE CASCADE,
    -- The setting's name, or `rule` and a domain.
    name   TEXT    NOT NULL CHECK (name <> ''),
    -- Empty where nothing was set.
    before TEXT    NOT NULL,
    after  TEXT    NOT NULL,
    PRIMARY KEY (entry, name)
) STRICT, WITHOUT ROWID;
