-- What a domain's mail server was found to be, the oldest first.
SELECT from_ms, verdict FROM domain_truth_past WHERE domain = :domain ORDER BY from_ms
