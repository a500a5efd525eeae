-- Takes the due recipients of up to :limit messages of a lane for an attempt, the longest due first, and with them those
-- of the same messages at the other domains in the JSON list :domains, which go to the same place. Left to itself SQLite
-- looks for those in the whole lane, once for each message.
UPDATE recipient
SET    state = 'active', due_ms = NULL, attempts = min(attempts + 1, 4294967295)
WHERE  id IN (
    SELECT fellow.id
    FROM  (SELECT one.queue_id FROM recipient AS one
           WHERE  one.state = 'queued' AND one.held = 0 AND one.outbound = :outbound AND one.domain = :domain
           AND    one.due_ms <= :now
           ORDER  BY one.due_ms, one.id
           LIMIT  :limit) AS first
    CROSS JOIN recipient AS fellow INDEXED BY recipient_of_message
    WHERE  fellow.queue_id = first.queue_id AND fellow.state = 'queued' AND fellow.held = 0 AND fellow.due_ms <= :now
    AND    fellow.outbound = :outbound AND fellow.domain IN (SELECT value FROM json_each(:domains))
)
RETURNING id, queue_id, address, attempts, notify, orcpt, reported
