-- Begins another round, on another ground.
UPDATE outlook_round SET round = round + 1, ground = :ground
