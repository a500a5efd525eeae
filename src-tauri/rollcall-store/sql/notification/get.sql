-- A notification.
SELECT id, kind, tag, subject, numbers, moment_ms, made_ms, changed_ms, posted_ms, shown_ms, state
FROM   notification
WHERE  id = :id
