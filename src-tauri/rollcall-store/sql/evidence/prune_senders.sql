-- Forgets sender domains whose last counted message is from before :before.
DELETE FROM evidence_sender WHERE last_counted_ms < :before
