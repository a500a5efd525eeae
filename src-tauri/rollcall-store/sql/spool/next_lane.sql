-- The first lane from :from on in which somebody waits, inbound or :outbound, and when its first is due. Comparing both
-- columns at once would read every row of the lane before.
SELECT outbound, domain, due_ms
FROM   recipient
WHERE  state = 'queued' AND held = 0 AND outbound = :outbound AND domain >= :from
ORDER  BY domain, due_ms
LIMIT  1
