-- A weekly tick was carried out, and stands for so many that were missed.
INSERT INTO weekly_tick (at_ms, missed) VALUES (:at, :missed) ON CONFLICT DO NOTHING
