-- Takes the due recipients of up to :limit messages for an attempt, the longest due first. Only those at the domains in
-- the JSON list :domains (:inside = 1), or only those at none of them (:inside = 0).
UPDATE recipient
SET    state = 'active', due_ms = NULL, attempts = min(attempts + 1, 4294967295)
WHERE  id IN (
    SELECT fellow.id
    FROM  (SELECT one.queue_id FROM recipient AS one
           WHERE  one.state = 'queued' AND one.due_ms <= :now
           AND    :inside = EXISTS (SELECT 1 FROM json_each(:domains)
                                    WHERE  lower(substr(one.address, -1 - length(value))) = '@' || value)
           ORDER  BY one.due_ms, one.id
           LIMIT  :limit) AS first
    CROSS JOIN recipient AS fellow
    WHERE  fellow.queue_id = first.queue_id AND fellow.state = 'queued' AND fellow.due_ms <= :now
    AND    :inside = EXISTS (SELECT 1 FROM json_each(:domains)
                             WHERE  lower(substr(fellow.address, -1 - length(value))) = '@' || value)
)
RETURNING id, queue_id, address, attempts
