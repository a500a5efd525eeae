-- Until when a Discovered address may wait without being asked about; 0 for one that wants a decision.
ALTER TABLE outlook ADD COLUMN can_wait_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX outlook_can_wait ON outlook (can_wait_ms) WHERE can_wait_ms > 0;
UPDATE outlook_round SET round = round + 1;
