-- A message for the address was delivered at :at and :clean_count count now: only what such a message changes.
UPDATE address SET clean_count = :clean_count, last_seen_ms = :at, suspect_ms = NULL WHERE key = :key
