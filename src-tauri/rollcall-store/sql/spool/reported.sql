-- The sender is told that this recipient was given up.
UPDATE recipient SET reported = 1 WHERE id = :id
