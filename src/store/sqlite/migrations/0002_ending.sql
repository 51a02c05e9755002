-- 1: the job is deleted, and it has open runs that are still to be ended.
ALTER TABLE jobs ADD COLUMN ending INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_ending ON jobs (deleted_at) WHERE ending = 1;
