-- Every listener, A to Z.
SELECT name, address, port FROM listener ORDER BY name
