-- Whether the sender of kept mail may be told when that fails: looked for soon after keeping, and nobody is told twice.

-- The client handed the mail to us, or a filter before us named it. Of older mail nobody knows.
ALTER TABLE message ADD COLUMN client_known INTEGER NOT NULL DEFAULT 0 CHECK (client_known IN (0, 1));
-- When to look for a proof, or to look again; NULL once that is settled.
ALTER TABLE message ADD COLUMN look_ms INTEGER;
UPDATE message SET look_ms = arrived_ms WHERE proof = 'unknown' AND outbound = 0;
CREATE INDEX message_to_look_at ON message (look_ms) WHERE look_ms IS NOT NULL;

-- The sender was told that it was given up.
ALTER TABLE recipient ADD COLUMN reported INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1));
