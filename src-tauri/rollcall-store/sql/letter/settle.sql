-- What became of a letter.
UPDATE letter SET state = :state, settled_ms = :at, why = :why WHERE id = :id AND state = 'due'
