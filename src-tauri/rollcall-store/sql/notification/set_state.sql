-- A notification is read, dealt with or withdrawn.
UPDATE notification SET state = :state WHERE id = :id AND state <> :state
