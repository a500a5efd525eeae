-- A weekly report was made.
INSERT INTO report (at_ms, from_ms, until_ms, waiting) VALUES (:at, :from, :until, :waiting)
