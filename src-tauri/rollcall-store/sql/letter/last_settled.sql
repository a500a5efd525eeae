-- What became of the latest letter that was to be sent.
SELECT state, settled_ms, why FROM letter WHERE state IN ('sent', 'failed') ORDER BY settled_ms DESC, id DESC LIMIT 1
