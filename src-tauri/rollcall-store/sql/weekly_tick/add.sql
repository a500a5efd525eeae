-- A weekly tick was carried out, and stands for so many that were missed. Decisions up to the last one belong to it.
INSERT INTO weekly_tick (at_ms, missed, done_ms, due, holiday, entry)
VALUES (:at, :missed, :done, :due, :holiday, (SELECT coalesce(max(entry), 0) FROM journal)) ON CONFLICT DO NOTHING
