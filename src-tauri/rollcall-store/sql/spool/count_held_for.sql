-- How many messages are kept for an address that ended by itself.
SELECT count(*) AS total FROM recipient WHERE held_for = :key
