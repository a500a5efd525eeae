-- The observations that have waited long enough for a bounce by :now, the oldest first.
SELECT id, key, at_ms, sender_domain FROM evidence INDEXED BY evidence_settling
WHERE  settles_ms <= :now
ORDER  BY settles_ms, id
LIMIT  :limit
