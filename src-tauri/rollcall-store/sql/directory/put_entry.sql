-- Notes what the directory has.
INSERT INTO directory_entry (id, kind, is_enabled, is_hidden, display_name, first_name, surname, main, aliases, place)
VALUES (:id, :kind, :is_enabled, :is_hidden, :display_name, :first_name, :surname, :main, :aliases, :place)
ON CONFLICT (id) DO UPDATE
SET    kind = excluded.kind, is_enabled = excluded.is_enabled, is_hidden = excluded.is_hidden,
       display_name = excluded.display_name, first_name = excluded.first_name, surname = excluded.surname,
       main = excluded.main, aliases = excluded.aliases, place = excluded.place
