-- What a dry run of another rule needs and was not written down before (X09): the mail server's yes to a recipient whose
-- mail may not have come, how each weekly tick went and when its notice was shown, and what a mail server was found to be
-- before. Of the time before this, a dry run knows less, and says so.

-- The first time on a day that the mail server said yes to a recipient without an account.
CREATE TABLE rcpt_accepted (
    key    TEXT    NOT NULL CHECK (key <> ''),
    day_ms INTEGER NOT NULL,
    at_ms  INTEGER NOT NULL,
    PRIMARY KEY (key, day_ms)
) STRICT, WITHOUT ROWID;
CREATE INDEX rcpt_accepted_by_day ON rcpt_accepted (day_ms);

-- `done_ms` is when the tick was carried out. `due` says whether a notice was due in it.
ALTER TABLE weekly_tick ADD COLUMN done_ms  INTEGER;
ALTER TABLE weekly_tick ADD COLUMN due      INTEGER CHECK (due IN (0, 1));
ALTER TABLE weekly_tick ADD COLUMN holiday  INTEGER CHECK (holiday IN (0, 1));
ALTER TABLE weekly_tick ADD COLUMN shown_ms INTEGER;

-- What a domain's mail server was found to be from then on.
CREATE TABLE domain_truth_past (
    domain  TEXT    NOT NULL CHECK (domain <> ''),
    from_ms INTEGER NOT NULL,
    verdict TEXT    CHECK (verdict IN ('rejects_strangers', 'accepts_everything', 'undecided')),
    PRIMARY KEY (domain, from_ms)
) STRICT, WITHOUT ROWID;
INSERT INTO domain_truth_past (domain, from_ms, verdict)
SELECT domain, coalesce(tested_ms, 0), verdict FROM domain_truth;

-- What is foretold of each Discovered address, so that its list is ordered and filtered by it without asking for every
-- row: when it ends if nobody decides (the largest number: not by itself), whether it looks like another name of an account,
-- and whether little speaks for it. `round` is the round in which that was found; 0 when its row changed since.
CREATE TABLE outlook (
    key     TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    ends_ms INTEGER NOT NULL,
    alias   INTEGER NOT NULL CHECK (alias IN (0, 1)),
    weak    INTEGER NOT NULL CHECK (weak IN (0, 1)),
    round   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX outlook_by_end   ON outlook (ends_ms, key);
CREATE INDEX outlook_alias    ON outlook (ends_ms, key) WHERE alias = 1;
CREATE INDEX outlook_weak     ON outlook (ends_ms, key) WHERE weak = 1;
CREATE INDEX outlook_by_round ON outlook (round);

-- The present round. `ground` is what every row's outlook stands on; another one begins another round.
CREATE TABLE outlook_round (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    round  INTEGER NOT NULL,
    ground TEXT    NOT NULL
) STRICT;
INSERT INTO outlook_round (one, round, ground) VALUES (1, 1, '');
INSERT INTO outlook (key, ends_ms, alias, weak, round)
SELECT key, 9223372036854775807, 0, 0, 0 FROM address WHERE state = 'discovered';

CREATE TRIGGER outlook_begins AFTER INSERT ON address WHEN NEW.state = 'discovered'
BEGIN
    INSERT INTO outlook (key, ends_ms, alias, weak, round) VALUES (NEW.key, 9223372036854775807, 0, 0, 0)
    ON CONFLICT (key) DO UPDATE SET round = 0;
END;
CREATE TRIGGER outlook_changes
AFTER UPDATE OF state, clean_count, suspect_ms, discovered_ms, notices, notice_ms, held_until_ms, pinned, first_name, surname
ON address
WHEN NEW.state = 'discovered'
     AND (OLD.state IS NOT NEW.state OR OLD.clean_count IS NOT NEW.clean_count OR OLD.suspect_ms IS NOT NEW.suspect_ms
          OR OLD.discovered_ms IS NOT NEW.discovered_ms OR OLD.notices IS NOT NEW.notices
          OR OLD.notice_ms IS NOT NEW.notice_ms OR OLD.held_until_ms IS NOT NEW.held_until_ms
          OR OLD.pinned IS NOT NEW.pinned OR OLD.first_name IS NOT NEW.first_name OR OLD.surname IS NOT NEW.surname)
BEGIN
    INSERT INTO outlook (key, ends_ms, alias, weak, round) VALUES (NEW.key, 9223372036854775807, 0, 0, 0)
    ON CONFLICT (key) DO UPDATE SET round = 0;
END;
CREATE TRIGGER outlook_is_decided AFTER UPDATE OF state ON address WHEN OLD.state = 'discovered' AND NEW.state <> 'discovered'
BEGIN
    DELETE FROM outlook WHERE key = NEW.key;
END;
CREATE TRIGGER outlook_goes AFTER DELETE ON address WHEN OLD.state = 'discovered'
BEGIN
    DELETE FROM outlook WHERE key = OLD.key;
END;
-- Whose other name an address may be depends on the accounts.
CREATE TRIGGER outlook_account_comes AFTER INSERT ON address WHEN NEW.state IN ('user', 'functional', 'alias', 'inactive')
BEGIN
    UPDATE outlook_round SET round = round + 1;
END;
CREATE TRIGGER outlook_account_changes AFTER UPDATE OF state, owner, first_name, surname ON address
WHEN (OLD.state IN ('user', 'functional', 'alias', 'inactive') OR NEW.state IN ('user', 'functional', 'alias', 'inactive'))
     AND (OLD.state IS NOT NEW.state OR OLD.owner IS NOT NEW.owner OR OLD.first_name IS NOT NEW.first_name
          OR OLD.surname IS NOT NEW.surname)
BEGIN
    UPDATE outlook_round SET round = round + 1;
END;
CREATE TRIGGER outlook_account_goes AFTER DELETE ON address WHEN OLD.state IN ('user', 'functional', 'alias', 'inactive')
BEGIN
    UPDATE outlook_round SET round = round + 1;
END;
