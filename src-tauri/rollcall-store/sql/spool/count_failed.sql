-- Messages with a recipient that was given up and is kept.
SELECT count(DISTINCT queue_id) AS total FROM recipient WHERE state = 'failed' AND held_for IS NULL
