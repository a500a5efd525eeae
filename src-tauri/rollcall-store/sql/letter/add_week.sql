-- The week's letter to a contact.
INSERT INTO letter (kind, audience, queue_id, made_ms, due_ms, subject, text, html, state)
VALUES ('week', :audience, :queue_id, :at, :at, :subject, :text, :html, 'due')
