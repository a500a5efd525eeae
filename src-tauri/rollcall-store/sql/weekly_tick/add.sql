-- A weekly tick was carried out, and stands for so many that were missed.
INSERT INTO weekly_tick (at_ms, missed, done_ms, due, holiday) VALUES (:at, :missed, :done, :due, :holiday)
ON CONFLICT DO NOTHING
