-- Forgets letters that were settled before a time.
DELETE FROM letter WHERE settled_ms < :before
