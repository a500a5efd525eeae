-- Keeps what a domain's mail server is found to be. Nothing happens for an unknown domain.
INSERT INTO domain_truth (domain, destination, verdict, tested_ms, next_ms, names, replies, decides_at_data_ms,
                          bounces_later_ms, brand)
SELECT name, :destination, :verdict, :tested_ms, :next_ms, :names, :replies, :decides_at_data_ms, :bounces_later_ms,
       :brand
FROM   domain
WHERE  name = :domain
ON CONFLICT (domain) DO UPDATE
SET    destination = excluded.destination, verdict = excluded.verdict, tested_ms = excluded.tested_ms,
       next_ms = excluded.next_ms, names = excluded.names, replies = excluded.replies,
       decides_at_data_ms = excluded.decides_at_data_ms, bounces_later_ms = excluded.bounces_later_ms,
       brand = excluded.brand
