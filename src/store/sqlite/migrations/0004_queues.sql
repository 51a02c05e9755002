-- What people set of queues. One that nothing is set of has no row.
CREATE TABLE queues (
  name TEXT PRIMARY KEY,
  paused INTEGER NOT NULL DEFAULT 0,
  -- How many of its runs may run at once; null for any number.
  max_running INTEGER
) STRICT, WITHOUT ROWID;
