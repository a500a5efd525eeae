-- New addresses whose mail waits until somebody has decided about them (V04): a restart does not begin their wait anew.
CREATE TABLE stranger (
    key      TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    first_ms INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX stranger_by_time ON stranger (last_ms);
