-- The numbers of a notification go on without it being news.
UPDATE notification SET numbers = :numbers WHERE id = :id
