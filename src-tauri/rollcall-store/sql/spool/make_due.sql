-- Makes every waiting recipient due now.
UPDATE recipient SET due_ms = :now WHERE state = 'queued' AND due_ms > :now
