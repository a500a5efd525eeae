-- How many sender domains wrote a counted message to an address since :since.
SELECT count(*) AS total FROM evidence_sender WHERE key = :key AND last_counted_ms >= :since
