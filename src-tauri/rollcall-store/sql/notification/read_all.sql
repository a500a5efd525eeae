-- Every notification is read.
UPDATE notification SET state = 'read' WHERE state = 'unread'
