-- For how many Discovered addresses little speaks.
SELECT count(*) AS total FROM outlook INDEXED BY outlook_weak WHERE weak = 1
