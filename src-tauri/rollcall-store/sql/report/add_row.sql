-- What a report lists.
INSERT INTO report_row (report, position, kind, key, shown, owner, at_ms, cause, who)
VALUES (:report, :position, :kind, :key, :shown, :owner, :at, :cause, :who)
