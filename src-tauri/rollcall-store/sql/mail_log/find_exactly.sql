-- The latest rows whose recipient, sender, message ID or message this is, newest first. The plus keeps SQLite from walking
-- through the log by number.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id, message, direction, message_id, tls, would_refuse, began_ms, NULL AS trace
FROM   mail_log
WHERE  id IN (
           SELECT id FROM mail_log WHERE lower(recipient) = :search
           UNION ALL SELECT id FROM mail_log WHERE lower(sender) = :search
           UNION ALL SELECT id FROM mail_log WHERE message_id = :written
           UNION ALL SELECT id FROM mail_log WHERE message = upper(:written)
       )
       AND +id >= :floor AND +id < :before
       AND at_ms >= :from AND at_ms < :until
       AND (:outcome = '' OR outcome = :outcome)
       AND (:reason = '' OR reason = :reason)
       AND (:direction = '' OR direction = :direction)
ORDER  BY id DESC
LIMIT  :limit
