-- Notifications about which there still is something to do, newest first.
SELECT id, kind, tag, subject, numbers, moment_ms, made_ms, changed_ms, posted_ms, shown_ms, state
FROM   notification
WHERE  state IN ('unread', 'read')
ORDER  BY id DESC
LIMIT  :limit
