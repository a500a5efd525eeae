-- Forgets observations from before :before.
DELETE FROM evidence WHERE at_ms < :before
