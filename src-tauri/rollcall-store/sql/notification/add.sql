-- Puts a notification into the inbox.
INSERT INTO notification (kind, tag, subject, numbers, moment_ms, stands_while, made_ms, changed_ms, posted_ms, shown_ms,
                          state)
VALUES (:kind, :tag, :subject, :numbers, :moment_ms, :stands_while, :made_ms, :made_ms, NULL, NULL, 'unread')
