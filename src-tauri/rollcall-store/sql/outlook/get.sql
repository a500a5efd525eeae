-- What is foretold of a Discovered address.
SELECT ends_ms, alias, weak FROM outlook WHERE key = :key
