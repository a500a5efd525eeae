-- What each domain's mail server is found to be. `destination` is the one tested: another one begins afresh. The two
-- invented `names` are kept while it has not decided, because a greylisting server knows them again.
CREATE TABLE domain_truth (
    domain             TEXT    NOT NULL PRIMARY KEY REFERENCES domain (name) ON DELETE CASCADE,
    destination        TEXT    NOT NULL,
    verdict            TEXT    CHECK (verdict IN ('rejects_strangers', 'accepts_everything', 'undecided')),
    tested_ms          INTEGER,
    next_ms            INTEGER NOT NULL,
    names              TEXT    NOT NULL,
    replies            TEXT    NOT NULL,
    decides_at_data_ms INTEGER,
    brand              TEXT
) STRICT, WITHOUT ROWID;
