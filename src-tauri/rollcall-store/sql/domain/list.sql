-- Every domain, A to Z.
SELECT name, host, port, tls, need, window_days, basis, settle_minutes, per_sender_domain, on_reached, notices, on_expiry,
       outbound, alias_rule, unknown_when_off, new_role, welcome, stranger_refused_ms
FROM   domain
ORDER  BY name
