-- What was seen of an address since :since, in the order in which it was seen, without what only people read.
SELECT at_ms, kind, counted, not_counted_because, sender, sender_domain, message_id
FROM   evidence INDEXED BY evidence_by_key
WHERE  key = :key AND at_ms >= :since
ORDER  BY at_ms, id
