-- The open runs of a job by number: those by (job, number) alone are all that are kept of it.
CREATE INDEX runs_open_by_number ON runs (job, number) WHERE finished_at IS NULL;
