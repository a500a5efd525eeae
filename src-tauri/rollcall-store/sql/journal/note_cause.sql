-- What made the account that a decision of the rule is about.
UPDATE journal SET cause = :cause WHERE entry = :entry
