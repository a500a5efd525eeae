-- Accounts that left the directory and wait, the longest waiting first.
SELECT link.key, link.missing_since_ms, address.shown,
       coalesce(entry.display_name, trim(coalesce(address.first_name, '') || ' ' || coalesce(address.surname, ''))) AS name
FROM   directory_link AS link
JOIN   address ON address.key = link.key AND address.state = 'inactive'
LEFT   JOIN directory_entry AS entry ON entry.id = link.entry
WHERE  link.missing_since_ms IS NOT NULL
ORDER  BY link.missing_since_ms, link.key
LIMIT  :limit
