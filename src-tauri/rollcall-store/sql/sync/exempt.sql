-- Entries that sync leaves alone, by name.
SELECT exempt.id, exempt.name, entry.kind, entry.main, entry.place, entry.aliases
FROM   sync_exempt AS exempt
LEFT   JOIN directory_entry AS entry ON entry.id = exempt.id
ORDER  BY exempt.name, exempt.id
