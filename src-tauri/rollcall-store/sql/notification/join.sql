-- Something joins a notification: it is unread again.
UPDATE notification
SET    subject = :subject, numbers = :numbers, moment_ms = :moment_ms, changed_ms = max(changed_ms, :changed_ms),
       state = 'unread'
WHERE  id = :id
