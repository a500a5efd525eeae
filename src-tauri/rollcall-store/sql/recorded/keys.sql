-- The next addresses about which anything was recorded, or that wait, A to Z. Each part goes along an index by key (so the +).
SELECT key FROM (SELECT DISTINCT key FROM evidence INDEXED BY evidence_by_key WHERE key > :after ORDER BY key LIMIT :limit)
UNION
SELECT key FROM (SELECT DISTINCT key FROM rcpt_accepted WHERE key > :after ORDER BY key LIMIT :limit)
UNION
SELECT key FROM (SELECT DISTINCT key FROM journal_change INDEXED BY journal_change_by_key WHERE key > :after
                 ORDER BY key LIMIT :limit)
UNION
SELECT key FROM (SELECT key FROM address
                 WHERE key > :after AND +state IN ('watching', 'discovered') ORDER BY key LIMIT :limit)
ORDER BY key
LIMIT :limit
