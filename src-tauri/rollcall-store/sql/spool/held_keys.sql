-- The addresses that mail is kept for because they ended by themselves.
SELECT DISTINCT held_for FROM recipient WHERE held_for IS NOT NULL
