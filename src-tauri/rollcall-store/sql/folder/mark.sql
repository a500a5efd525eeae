-- Says what the folder is for, if nobody has yet.
INSERT INTO folder (one, kind) VALUES (1, :kind)
ON CONFLICT (one) DO NOTHING
