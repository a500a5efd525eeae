-- An observation has waited for a bounce: it counts now, or it says why it does not.
UPDATE evidence SET counted = :counted, not_counted_because = :not_counted_because, settles_ms = NULL WHERE id = :id
