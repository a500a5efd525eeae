-- The clocks of a domain go on at :at.
UPDATE freeze SET until_ms = max(:at, from_ms) WHERE domain = :domain AND until_ms IS NULL
