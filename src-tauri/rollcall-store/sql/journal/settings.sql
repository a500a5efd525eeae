-- What a decision made of settings.
SELECT name, before, after FROM journal_setting WHERE entry = :entry ORDER BY name
