-- The mail log tells of whole messages: which row belongs to which message, where it was going, and step by step what
-- was said. A row of before has none of it.
--
-- `message` is the transaction's id, which is also the id in our Received field and the queue id. `began_ms` is when the
-- transaction began; `trace` has a line a step: milliseconds since then, the step's word, what was said.

ALTER TABLE mail_log ADD COLUMN message    TEXT;
ALTER TABLE mail_log ADD COLUMN direction  TEXT NOT NULL DEFAULT 'inbound' CHECK (direction IN ('inbound', 'outbound'));
ALTER TABLE mail_log ADD COLUMN message_id TEXT;
ALTER TABLE mail_log ADD COLUMN tls        TEXT;
ALTER TABLE mail_log ADD COLUMN began_ms   INTEGER;
ALTER TABLE mail_log ADD COLUMN trace      TEXT;

DROP INDEX mail_log_by_time;
CREATE INDEX mail_log_by_time       ON mail_log (at_ms, message);
CREATE INDEX mail_log_by_message    ON mail_log (message)         WHERE message IS NOT NULL;
CREATE INDEX mail_log_by_message_id ON mail_log (message_id)      WHERE message_id IS NOT NULL;
CREATE INDEX mail_log_by_recipient  ON mail_log (lower(recipient));
CREATE INDEX mail_log_by_sender     ON mail_log (lower(sender));
-- What an operator may want to look into: it was given up, or the mail server or this computer was in the way.
CREATE INDEX mail_log_problems      ON mail_log (at_ms)
    WHERE outcome = 'failed'
       OR reason IN ('server_unreachable', 'lost_before_reply', 'store_failed', 'changed_its_mind', 'client_left');
