-- A weekly tick was carried out, and stands for so many that were missed. Decisions up to the last one belong to it.
INSERT INTO weekly_tick (at_ms, missed, entry)
VALUES (:at, :missed, (SELECT coalesce(max(entry), 0) FROM journal)) ON CONFLICT DO NOTHING
