-- How many processes of the attempt were there when it had ended.
ALTER TABLE attempts ADD COLUMN left_running INTEGER NOT NULL DEFAULT 0;
