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
