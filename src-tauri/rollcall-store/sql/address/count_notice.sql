-- A weekly notice about the address was shown at :at. Nothing happens if it is not Discovered any more.
UPDATE address SET notices = notices + 1, notice_ms = :at WHERE key = :key AND state = 'discovered'
