-- Mail that is kept for an address that ended by itself: like mail that was given up it waits for nobody, and is forgotten
-- once its time is over.

-- What the address is filed under.
ALTER TABLE recipient ADD COLUMN held_for  TEXT CHECK (held_for <> '');
-- People were told that its time is nearly over.
ALTER TABLE recipient ADD COLUMN held_told INTEGER NOT NULL DEFAULT 0 CHECK (held_told IN (0, 1));
CREATE INDEX recipient_held_for ON recipient (held_for, keep_until_ms) WHERE held_for IS NOT NULL;
