-- Why a decision was made, once all that it did is known.
UPDATE journal SET why = :why WHERE entry = :entry
