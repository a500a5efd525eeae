-- What the directory had at the last good run.
SELECT id, kind, is_enabled, is_hidden, display_name, first_name, surname, main, aliases, place
FROM   directory_entry
ORDER  BY id
