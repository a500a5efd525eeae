-- Messages with a recipient that is queued or active.
SELECT count(DISTINCT queue_id) AS total FROM recipient WHERE state IN ('queued', 'active')
