-- The waiting addresses of a domain whose stored count is not what counts since :since, with what does count. What was counted
-- before a row's first sight belongs to an earlier life of the address.
SELECT key, counted
FROM   (SELECT address.key, address.clean_count,
               (SELECT count(*) FROM evidence
                WHERE  evidence.key = address.key AND evidence.at_ms >= max(:since, address.first_seen_ms)
                       AND evidence.counted = 1) AS counted
        FROM   address
        WHERE  address.state IN ('watching', 'discovered') AND address.domain = :domain)
WHERE  counted <> clean_count
