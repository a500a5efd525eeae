-- When a domain's mail server last sent back mail that it had taken: it says yes to everybody, and no later.
ALTER TABLE domain_truth ADD COLUMN bounces_later_ms INTEGER;
