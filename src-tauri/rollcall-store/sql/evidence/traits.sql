-- What stands out among the observations about an address since :since.
SELECT count(*) FILTER (WHERE kind = 'sent')                AS sent,
       count(*) FILTER (WHERE kind = 'bounced')             AS bounced,
       count(*) FILTER (WHERE is_reply = 1)                 AS replies,
       count(*) FILTER (WHERE not_counted_because = 'spam') AS spam
FROM   evidence
WHERE  key = :key AND at_ms >= :since
