-- Every machine that may send out, in the order given.
SELECT network, note FROM sender_host ORDER BY position
