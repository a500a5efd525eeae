-- The notice of the latest tick that had one was shown at :at.
UPDATE weekly_tick SET shown_ms = :at
WHERE  at_ms = (SELECT max(at_ms) FROM weekly_tick WHERE due = 1) AND shown_ms IS NULL
