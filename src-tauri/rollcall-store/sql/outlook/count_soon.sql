-- How many Discovered addresses end by :soon if nobody decides.
SELECT count(*) AS total FROM outlook INDEXED BY outlook_by_end WHERE ends_ms <= :soon
