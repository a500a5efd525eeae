-- What the folder is for.
SELECT kind FROM folder WHERE one = 1
