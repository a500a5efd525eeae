-- A notification was given to the shells.
UPDATE notification SET posted_ms = :at WHERE id = :id
