-- Writes down what a run found wrong.
INSERT INTO sync_problem (run, position, kind, address, domain, total, entries, account)
VALUES (:run, :position, :kind, :address, :domain, :total, :entries, :account)
