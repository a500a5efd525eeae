-- The latest rows that an operator may want to look into, newest first.
SELECT id, at_ms, session, outcome, reason, sender, recipient, client_ip, client_name, subject, size_bytes, duration_ms,
       reply, destination_reply, destination, queue_id, message, direction, message_id, tls, would_refuse, began_ms, NULL AS trace
FROM   mail_log
WHERE  (outcome = 'failed' OR reason IN
        ('server_unreachable', 'lost_before_reply', 'store_failed', 'changed_its_mind', 'client_left'))
       AND +id >= :floor AND +id < :before
       AND at_ms >= :from AND at_ms < :until
       AND (:outcome = '' OR outcome = :outcome)
       AND (:reason = '' OR reason = :reason)
       AND (:direction = '' OR direction = :direction)
ORDER  BY id DESC
LIMIT  :limit
