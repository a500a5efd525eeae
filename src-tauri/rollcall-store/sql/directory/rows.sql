-- Every address, as far as a run of the sync needs it.
SELECT key, state, role, invalid_reason, made_by, owner, first_name, surname FROM address
