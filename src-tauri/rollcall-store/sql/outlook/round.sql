-- The present round and what it stands on.
SELECT round, ground FROM outlook_round
