-- What is foretold of a Discovered address.
SELECT ends_ms, alias, weak, can_wait_ms FROM outlook WHERE key = :key
