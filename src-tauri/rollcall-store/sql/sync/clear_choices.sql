-- Forgets how the operator settled what was asked.
DELETE FROM sync_choice
