-- Gives a domain another rule.
UPDATE domain
SET    need = :need, window_days = :window_days, basis = :basis, settle_minutes = :settle_minutes,
       per_sender_domain = :per_sender_domain, on_reached = :on_reached, notices = :notices, on_expiry = :on_expiry,
       outbound = :outbound, alias_rule = :alias_rule, unknown_when_off = :unknown_when_off, new_role = :new_role,
       welcome = :welcome
WHERE  name = :name
