-- 1: somebody asked the worker to drain.
ALTER TABLE workers ADD COLUMN drain INTEGER NOT NULL DEFAULT 0;
