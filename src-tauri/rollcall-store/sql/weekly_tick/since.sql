-- The weekly ticks since :since, the oldest first.
SELECT at_ms, missed, done_ms, due, holiday, shown_ms FROM weekly_tick WHERE at_ms >= :since ORDER BY at_ms
