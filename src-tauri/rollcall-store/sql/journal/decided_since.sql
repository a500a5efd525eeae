-- Whether anybody but :who decided anything behind :seen, the decision :own aside.
SELECT EXISTS (SELECT 1 FROM journal WHERE entry > :seen AND entry <> :own AND who <> :who) AS decided
