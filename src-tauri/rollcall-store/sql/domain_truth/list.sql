-- What each domain's mail server is found to be, A to Z.
SELECT domain, destination, verdict, tested_ms, next_ms, names, replies, decides_at_data_ms, bounces_later_ms, brand
FROM   domain_truth
ORDER BY domain
