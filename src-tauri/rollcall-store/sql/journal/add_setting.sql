-- Notes what a decision made of a setting.
INSERT INTO journal_setting (entry, name, before, after) VALUES (:entry, :name, :before, :after)
