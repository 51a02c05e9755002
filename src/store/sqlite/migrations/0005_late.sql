-- Runs that wait for their first start, by when they are late.
CREATE INDEX runs_late ON runs (late_at) WHERE late_at IS NOT NULL AND started_at IS NULL AND finished_at IS NULL;
