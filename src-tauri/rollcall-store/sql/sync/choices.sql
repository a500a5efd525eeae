-- How the operator settled what was asked.
SELECT key, choice, entry FROM sync_choice
