-- What an office says of its accounts: the kind of a functional account (Z07), and which user is an organization
-- administrator. Kept apart from the row of the address, so that neither mail nor a directory ever touches it.
CREATE TABLE account_note (
    key              TEXT    NOT NULL PRIMARY KEY CHECK (key <> ''),
    kind             TEXT             CHECK (kind IN ('shared_mailbox', 'resource', 'distribution_group', 'security_group',
                                                      'public_folder', 'ex_employee')),
    is_administrator INTEGER NOT NULL DEFAULT 0 CHECK (is_administrator IN (0, 1))
) STRICT, WITHOUT ROWID;
