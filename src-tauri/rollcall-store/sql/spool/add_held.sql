-- A recipient whose mail is kept for the address it ended as, until :keep_until.
INSERT INTO recipient (queue_id, address, state, keep_until_ms, last_reply, outbound, domain, notify, orcpt, held_for)
VALUES (:queue_id, :address, 'failed', :keep_until, :why, :outbound, :domain, :notify, :orcpt, :held_for)
