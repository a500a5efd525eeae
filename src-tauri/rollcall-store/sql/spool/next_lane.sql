-- The lane behind :outbound, :domain in which somebody waits, and when its first is due.
SELECT outbound, domain, due_ms
FROM   recipient
WHERE  state = 'queued' AND held = 0 AND (outbound, domain) > (:outbound, :domain)
ORDER  BY outbound, domain, due_ms
LIMIT  1
