-- What was asked about an address is settled.
DELETE FROM sync_problem WHERE run = :run AND address = :address COLLATE NOCASE
