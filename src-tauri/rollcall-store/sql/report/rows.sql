-- What a report lists, in its order.
SELECT kind, key, shown, owner, at_ms, cause, who FROM report_row WHERE report = :report ORDER BY position
