-- When the clocks of the domains stood.
SELECT domain, from_ms, until_ms FROM freeze ORDER BY domain, from_ms
