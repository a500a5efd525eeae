-- A domain's mail server was found to be this from :at on, if that is news.
INSERT INTO domain_truth_past (domain, from_ms, verdict)
SELECT :domain, :at, :verdict
WHERE  NOT EXISTS (
    SELECT 1 FROM domain_truth_past
    WHERE  domain = :domain
           AND from_ms = (SELECT max(from_ms) FROM domain_truth_past AS past WHERE past.domain = :domain)
           AND verdict IS :verdict)
ON CONFLICT (domain, from_ms) DO UPDATE SET verdict = excluded.verdict
