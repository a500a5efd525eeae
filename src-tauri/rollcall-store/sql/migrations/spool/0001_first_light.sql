-- spool.db: mail that we answered 250 for and have not handed on yet. Times are milliseconds since 1970 in UTC.

-- The id is also a file name, so it has no character that means something to a file system.
CREATE TABLE message (
    queue_id     TEXT    NOT NULL PRIMARY KEY
                         CHECK (length(queue_id) BETWEEN 1 AND 64 AND queue_id NOT GLOB '*[^A-Za-z0-9_-]*'),
    reverse_path TEXT    NOT NULL,
    arrived_ms   INTEGER NOT NULL,
    body_8bit    INTEGER NOT NULL CHECK (body_8bit IN (0, 1)),
    client_ip    TEXT    NOT NULL,
    client_name  TEXT    NOT NULL,
    subject      TEXT,
    size_bytes   INTEGER NOT NULL CHECK (size_bytes >= 0),
    in_file      INTEGER NOT NULL CHECK (in_file IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE INDEX message_by_arrival ON message (arrived_ms, queue_id);

-- Content of up to 64 KiB; larger content is a file.
CREATE TABLE content (
    queue_id TEXT NOT NULL PRIMARY KEY REFERENCES message (queue_id) ON DELETE CASCADE,
    bytes    BLOB NOT NULL CHECK (length(bytes) <= 65536)
) STRICT;

CREATE TABLE recipient (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    queue_id      TEXT    NOT NULL REFERENCES message (queue_id) ON DELETE CASCADE,
    address       TEXT    NOT NULL CHECK (address <> ''),
    state         TEXT    NOT NULL CHECK (state IN ('queued', 'active', 'delivered', 'failed')),
    due_ms        INTEGER,
    attempts      INTEGER NOT NULL DEFAULT 0 CHECK (attempts BETWEEN 0 AND 4294967295),
    last_reply    TEXT,
    keep_until_ms INTEGER,
    CHECK ((state = 'queued') = (due_ms IS NOT NULL)),
    CHECK ((state = 'failed') = (keep_until_ms IS NOT NULL)),
    CHECK (state NOT IN ('delivered', 'failed') OR last_reply IS NOT NULL)
) STRICT;
CREATE INDEX recipient_of_message ON recipient (queue_id, state);
CREATE INDEX recipient_due        ON recipient (due_ms)        WHERE state = 'queued';
CREATE INDEX recipient_active     ON recipient (queue_id)      WHERE state = 'active';
CREATE INDEX recipient_waiting    ON recipient (queue_id)      WHERE state IN ('queued', 'active');
CREATE INDEX recipient_kept       ON recipient (keep_until_ms) WHERE state = 'failed';
