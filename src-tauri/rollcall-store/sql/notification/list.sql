-- The inbox below a number, newest first.
SELECT id, kind, tag, subject, numbers, moment_ms, made_ms, changed_ms, posted_ms, shown_ms, state
FROM   notification
WHERE  id < :before AND (:unread_only = 0 OR state = 'unread')
ORDER  BY id DESC
LIMIT  :limit
