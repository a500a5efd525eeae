-- A notification was shown to somebody.
UPDATE notification SET shown_ms = max(coalesce(shown_ms, :at), :at) WHERE id = :id
