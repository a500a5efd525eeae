-- The queue in an operator's hands, envelopes kept whole (RFC 3461, RFC 6531), and mail that goes out.

-- Mail of an office host to the world; its recipients' domains are not ours.
ALTER TABLE message ADD COLUMN outbound INTEGER NOT NULL DEFAULT 0 CHECK (outbound IN (0, 1));
ALTER TABLE message ADD COLUMN smtputf8 INTEGER NOT NULL DEFAULT 0 CHECK (smtputf8 IN (0, 1));
ALTER TABLE message ADD COLUMN ret      TEXT CHECK (ret IN ('FULL', 'HDRS'));
ALTER TABLE message ADD COLUMN envid    TEXT;
-- Why a failure may be told to the reverse-path: it was shown to be the sender's own. Older mail was never looked at.
ALTER TABLE message ADD COLUMN proof    TEXT NOT NULL DEFAULT 'unknown'
                                        CHECK (proof IN ('unknown', 'none', 'spf', 'dkim', 'office'));

ALTER TABLE recipient ADD COLUMN outbound INTEGER NOT NULL DEFAULT 0 CHECK (outbound IN (0, 1));
-- Lower case, A-labels: with outbound it says where the recipient goes.
ALTER TABLE recipient ADD COLUMN domain   TEXT NOT NULL DEFAULT '';
ALTER TABLE recipient ADD COLUMN held     INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
ALTER TABLE recipient ADD COLUMN notify   TEXT;
ALTER TABLE recipient ADD COLUMN orcpt    TEXT;

-- What follows the last @, whatever was quoted before it.
UPDATE recipient
SET    domain = lower(rtrim(replace(address, rtrim(address, replace(address, '@', '')), ''), '.'));

DROP INDEX recipient_of_message;
DROP INDEX recipient_due;
DROP INDEX recipient_active;
CREATE INDEX recipient_of_message ON recipient (queue_id);
CREATE INDEX recipient_lane       ON recipient (outbound, domain, due_ms) WHERE state = 'queued' AND held = 0;
