-- How many messages were refused since :since from senders whose mail counted before, and when the first was.
SELECT count(*) AS total, min(refused.at_ms) AS first_ms
FROM   (SELECT at_ms, sender FROM evidence
        WHERE  key = :key AND at_ms >= :since AND kind = 'refused_by_us'
        LIMIT  :limit) AS refused
WHERE  refused.sender IN (SELECT sender FROM evidence
                          WHERE  key = :key AND at_ms < :since AND kind = 'delivered' AND sender <> '')
