-- What a row of the newest thousand takes on average: its own text, and about as much again as four indexes and the
-- columns around it need.
SELECT CAST(coalesce(avg(length(sought) + length(coalesce(trace, '')) + 2 * length(sender) + 2 * length(recipient)
                         + length(reply) + length(coalesce(destination_reply, '')) + length(coalesce(subject, ''))
                         + 2 * length(coalesce(message_id, '')) + 260), 0) AS INTEGER) AS total
FROM   (SELECT * FROM mail_log ORDER BY id DESC LIMIT 1000)
