-- One report.
SELECT id, at_ms, from_ms, until_ms, waiting,
       (SELECT count(*) FROM report_row WHERE report_row.report = report.id AND kind = 'user')  AS users,
       (SELECT count(*) FROM report_row WHERE report_row.report = report.id AND kind = 'alias') AS aliases
FROM   report
WHERE  id = :id
