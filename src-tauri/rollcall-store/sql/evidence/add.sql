-- Writes one observation down.
INSERT INTO evidence (key, at_ms, kind, counted, not_counted_because, sender, sender_domain, subject, client_ip, lines,
                      message_id, settles_ms, is_reply)
VALUES (:key, :at, :kind, :counted, :not_counted_because, :sender, :sender_domain, :subject, :client_ip, :lines,
        :message_id, :settles_ms, :is_reply)
