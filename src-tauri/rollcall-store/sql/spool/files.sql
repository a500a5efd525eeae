-- The messages whose content is a file.
SELECT queue_id FROM message WHERE in_file = 1
