-- How many Discovered addresses may wait beyond :now.
SELECT count(*) AS total FROM outlook INDEXED BY outlook_can_wait WHERE can_wait_ms > 0 AND can_wait_ms > :now
