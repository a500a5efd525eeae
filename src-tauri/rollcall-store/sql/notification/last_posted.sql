-- When one of a kind was last given to the shells.
SELECT max(posted_ms) AS at_ms FROM notification WHERE kind = :kind
