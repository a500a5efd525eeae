-- Writes down what became of a recipient.
INSERT INTO mail_log (at_ms, session, outcome, outcome_ms, reason, sender, recipient, client_ip, client_name, subject,
                      size_bytes, duration_ms, reply, destination_reply, destination, queue_id, sought, message, direction,
                      message_id, tls, began_ms, trace, would_refuse)
VALUES (:at, :session, :outcome, :at, :reason, :sender, :recipient, :client_ip, :client_name, :subject,
        :size_bytes, :duration_ms, :reply, :destination_reply, :destination, :queue_id, :sought, :message, :direction,
        :message_id, :tls, :began, :trace, :would_refuse)
