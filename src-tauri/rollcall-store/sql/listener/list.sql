-- Every listener, A to Z.
SELECT name, address, port, role, tls FROM listener ORDER BY name
