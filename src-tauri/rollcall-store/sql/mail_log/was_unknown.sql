-- Whether the mail server said, before :before, that it does not know the recipient.
SELECT EXISTS (
    SELECT 1 FROM mail_log
    WHERE  lower(recipient) = :recipient AND reason IN ('user_unknown', 'user_unknown_cached') AND at_ms < :before
) AS found
