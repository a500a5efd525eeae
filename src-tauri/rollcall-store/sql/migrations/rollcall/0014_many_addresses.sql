-- A million addresses: a list starts at its state's part of an index, is counted without reading it, and a text is found by
-- its letters instead of by reading every address.

DROP INDEX address_by_state;
DROP INDEX address_by_key;
DROP INDEX address_by_last_seen;
DROP INDEX address_by_discovered;
DROP INDEX address_by_clean_count;
CREATE INDEX address_by_key         ON address (state, key, sought);
CREATE INDEX address_by_last_seen   ON address (state, last_seen_ms DESC, key);
CREATE INDEX address_by_discovered  ON address (state, discovered_ms, key);
CREATE INDEX address_by_clean_count ON address (state, clean_count DESC, key);
CREATE INDEX address_found          ON address (discovered_ms) WHERE discovered_ms IS NOT NULL;

CREATE TABLE address_count (
    state TEXT    NOT NULL PRIMARY KEY,
    total INTEGER NOT NULL CHECK (total >= 0)
) STRICT, WITHOUT ROWID;
INSERT INTO address_count (state, total)
VALUES ('watching', 0), ('discovered', 0), ('user', 0), ('functional', 0), ('alias', 0), ('inactive', 0), ('invalid', 0),
       ('never_add', 0);
UPDATE address_count SET total = (SELECT count(*) FROM address WHERE address.state = address_count.state);

-- Three letters at a time. Watched addresses are left out: at most 15,000 (P03), they come and go with the mail, and are
-- read through faster than they would be entered here.
CREATE VIRTUAL TABLE address_sought USING fts5 (sought, content = '', tokenize = 'trigram');
INSERT INTO address_sought (rowid, sought) SELECT rowid, sought FROM address WHERE state <> 'watching';

CREATE TRIGGER address_added AFTER INSERT ON address BEGIN
    UPDATE address_count SET total = total + 1 WHERE state = new.state;
    INSERT INTO address_sought (rowid, sought) SELECT new.rowid, new.sought WHERE new.state <> 'watching';
END;
CREATE TRIGGER address_removed AFTER DELETE ON address BEGIN
    UPDATE address_count SET total = total - 1 WHERE state = old.state;
    INSERT INTO address_sought (address_sought, rowid, sought)
    SELECT 'delete', old.rowid, old.sought WHERE old.state <> 'watching';
END;
CREATE TRIGGER address_moved AFTER UPDATE OF state ON address WHEN old.state <> new.state BEGIN
    UPDATE address_count SET total = total - 1 WHERE state = old.state;
    UPDATE address_count SET total = total + 1 WHERE state = new.state;
END;
CREATE TRIGGER address_renamed AFTER UPDATE OF sought, state ON address
WHEN old.sought <> new.sought OR (old.state = 'watching') <> (new.state = 'watching') BEGIN
    INSERT INTO address_sought (address_sought, rowid, sought)
    SELECT 'delete', old.rowid, old.sought WHERE old.state <> 'watching';
    INSERT INTO address_sought (rowid, sought) SELECT new.rowid, new.sought WHERE new.state <> 'watching';
END;
