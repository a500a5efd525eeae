-- The latest notification with a tag about which there still is something to do.
SELECT id, kind, tag, subject, numbers, moment_ms, made_ms, changed_ms, posted_ms, shown_ms, state
FROM   notification
WHERE  tag = :tag AND state IN ('unread', 'read')
ORDER  BY id DESC
LIMIT  1
