-- The addresses whose kept mail goes by :soon and of which nobody was told, who are told now.
UPDATE recipient SET held_told = 1
WHERE  held_for IS NOT NULL AND held_told = 0 AND keep_until_ms <= :soon AND state = 'failed'
RETURNING held_for
