-- Every address whose mail goes elsewhere, A to Z.
SELECT key, host, port, tls FROM address_route ORDER BY key
