-- Every domain, A to Z.
SELECT name, host, port, tls, need, window_days, stranger_refused_ms
FROM   domain
ORDER  BY name
