-- Forgets every machine that may send out.
DELETE FROM sender_host
