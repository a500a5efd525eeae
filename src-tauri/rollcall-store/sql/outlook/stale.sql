-- Discovered addresses whose outlook is of a round before :round, those whose row changed in front.
SELECT key FROM outlook INDEXED BY outlook_by_round WHERE round < :round ORDER BY round LIMIT :limit
