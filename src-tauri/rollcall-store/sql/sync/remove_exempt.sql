-- Does not leave an entry alone any more.
DELETE FROM sync_exempt WHERE id = :id
