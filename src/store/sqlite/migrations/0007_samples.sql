-- What the totals were, one row a minute and one an hour: see store/samples.ts. `step` is the time between two, in ms.
CREATE TABLE samples (
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  numbers TEXT NOT NULL,
  PRIMARY KEY (step, time)
) STRICT, WITHOUT ROWID;
