-- Whether a message of this sender with this Message-ID counts, or will, for an address.
SELECT EXISTS (
    SELECT 1 FROM evidence
    WHERE  key = :key AND message_id = :message_id AND sender = :sender AND (counted = 1 OR settles_ms IS NOT NULL)
) AS total
