-- Writes a decision down.
INSERT INTO journal (at_ms, who, action, why, undoable, undoes)
VALUES (:at, :who, :action, :why, :undoable, :undoes)
