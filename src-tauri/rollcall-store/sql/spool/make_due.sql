-- Makes every waiting recipient of a lane due now.
UPDATE recipient SET due_ms = :now
WHERE  state = 'queued' AND held = 0 AND outbound = :outbound AND domain = :domain AND due_ms > :now
