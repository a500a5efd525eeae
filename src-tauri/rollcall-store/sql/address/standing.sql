-- Where each of up to six addresses stands.
SELECT key, state, role, invalid_reason
FROM   address
WHERE  key IN (:a, :b, :c, :d, :e, :f)
