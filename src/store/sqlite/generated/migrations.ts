/** Made by scripts/generate-migrations.ts from migrations/*.sql. Do not edit. */
import type { Migration } from '../file/migrate.ts';

/** All of them, in order: number n takes a database from version n − 1 to n. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'initial',
    sql: `-- \`JSCH\`: what tells our files from those of other programs.
PRAGMA application_id = 0x4a534348;

-- Times are milliseconds since 1970. What is null has not happened or does not apply.

-- The row number is the order of creation, which is the order of lists.
CREATE TABLE jobs (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  name TEXT,
  type TEXT NOT NULL CHECK (type IN ('once', 'cron')),
  version INTEGER NOT NULL DEFAULT 1,
  -- JSON, see domain/definition-json.ts; older versions are in job_versions.
  definition TEXT NOT NULL,
  status TEXT NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  -- When the current version was made.
  version_at INTEGER NOT NULL,
  next_slot INTEGER,
  last_slot INTEGER,
  -- The highest number a run of it has had, and that run's seq.
  last_number INTEGER NOT NULL DEFAULT 0,
  last_run INTEGER,
  -- Derived from its runs: how many are live, and how many wait for their turn.
  live INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  -- Once jobs: since when all their runs are final. Retention counts from it.
  done_at INTEGER,
  -- Cron jobs: when retention is to look at their runs; null when nothing can have become too many or too old.
  trim_at INTEGER,
  deleted_at INTEGER
) STRICT;

CREATE UNIQUE INDEX jobs_by_name ON jobs (name) WHERE name IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX jobs_by_status ON jobs (status, seq) WHERE deleted_at IS NULL;
CREATE INDEX jobs_due ON jobs (next_slot) WHERE next_slot IS NOT NULL;
CREATE INDEX jobs_done ON jobs (done_at) WHERE done_at IS NOT NULL;
CREATE INDEX jobs_trim ON jobs (trim_at) WHERE trim_at IS NOT NULL;

CREATE TABLE job_versions (
  job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  definition TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (job, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE idempotency_keys (
  key TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- \`seq\` is max(microseconds now, last + 1): the order of lists, and close to the time of creation.
CREATE TABLE runs (
  seq INTEGER PRIMARY KEY,
  job INTEGER NOT NULL REFERENCES jobs (seq) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  detail TEXT,
  trigger TEXT NOT NULL,
  scheduled_for INTEGER,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  -- Null while it is live or waits for its turn.
  finished_at INTEGER,
  queue TEXT NOT NULL,
  priority INTEGER NOT NULL,
  place TEXT,
  -- When it becomes, or became, claimable.
  ready_at INTEGER NOT NULL,
  late_at INTEGER,
  attempt INTEGER NOT NULL DEFAULT 0,
  fence INTEGER NOT NULL DEFAULT 0,
  owner TEXT,
  -- The number of the claim that holds it.
  claim INTEGER,
  -- When its lease lapses; once flagged, when it is given up.
  deadline INTEGER,
  contact_lost_at INTEGER,
  -- Why its end was asked for while it was running.
  cancel_reason TEXT,
  skipped_first INTEGER,
  skipped_last INTEGER,
  skipped_count INTEGER,
  skipped_at_least INTEGER NOT NULL DEFAULT 0,
  UNIQUE (job, number)
) STRICT;

CREATE INDEX runs_by_status ON runs (status, seq);
CREATE INDEX runs_open ON runs (job, place) WHERE finished_at IS NULL;
CREATE INDEX runs_queue ON runs (queue, priority DESC, ready_at) WHERE place = 'queue';
CREATE INDEX runs_delay ON runs (ready_at) WHERE place = 'delay';
CREATE INDEX runs_leased ON runs (deadline) WHERE deadline IS NOT NULL;

CREATE TABLE attempts (
  run INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  version INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  owner TEXT NOT NULL,
  worker TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  duration_ms REAL,
  -- JSON of the domain's Outcome.
  outcome TEXT,
  -- Whether its end was decided without its owner: then what that says later is \`lost\`, else \`duplicate\`.
  decided INTEGER NOT NULL DEFAULT 0,
  output_limit INTEGER NOT NULL,
  -- What the child has written, and how much of that can be read, in bytes.
  output_total INTEGER NOT NULL DEFAULT 0,
  output_kept INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (run, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_with_output ON attempts (finished_at) WHERE output_kept > 0 AND finished_at IS NOT NULL;

-- Claims that were given back, so that a repeat can be told from a loss.
CREATE TABLE releases (
  run INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
  fence INTEGER NOT NULL,
  owner TEXT NOT NULL,
  PRIMARY KEY (run, fence)
) STRICT, WITHOUT ROWID;

-- Requests for a run by hand, so that a repeat can be told from a second wish.
CREATE TABLE trigger_requests (
  request TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (seq) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX trigger_requests_by_run ON trigger_requests (run);
CREATE INDEX trigger_requests_by_age ON trigger_requests (created_at);

-- Blocks of frames (domain/output), each without a gap inside; \`start\` and \`size\` count the child's bytes.
CREATE TABLE output (
  seq INTEGER PRIMARY KEY,
  run INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  start INTEGER NOT NULL,
  size INTEGER NOT NULL,
  frames BLOB NOT NULL,
  UNIQUE (run, attempt, start),
  FOREIGN KEY (run, attempt) REFERENCES attempts (run, number) ON DELETE CASCADE
) STRICT;

CREATE TABLE workers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  host TEXT NOT NULL,
  pid INTEGER NOT NULL,
  instance TEXT NOT NULL,
  version TEXT NOT NULL,
  queues TEXT NOT NULL,
  concurrency INTEGER NOT NULL,
  running INTEGER NOT NULL,
  state TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The newest claim number of each owner.
CREATE TABLE claims (
  owner TEXT PRIMARY KEY,
  number INTEGER NOT NULL,
  claimed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- How many there are of what, so that nobody counts a million rows. Written in the transaction that changes it.
CREATE TABLE counters (
  kind TEXT NOT NULL,
  key TEXT NOT NULL,
  value INTEGER NOT NULL,
  PRIMARY KEY (kind, key)
) STRICT, WITHOUT ROWID;

-- Single values, by name.
CREATE TABLE facts (
  name TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  },
  {
    version: 2,
    name: 'ending',
    sql: `-- 1: the job is deleted, and it has open runs that are still to be ended.
ALTER TABLE jobs ADD COLUMN ending INTEGER NOT NULL DEFAULT 0;
CREATE INDEX jobs_ending ON jobs (deleted_at) WHERE ending = 1;
`,
  },
  {
    version: 3,
    name: 'open_runs',
    sql: `-- The open runs of a job by number: those by (job, number) alone are all that are kept of it.
CREATE INDEX runs_open_by_number ON runs (job, number) WHERE finished_at IS NULL;
`,
  },
  {
    version: 4,
    name: 'queues',
    sql: `-- What people set of queues. One that nothing is set of has no row.
CREATE TABLE queues (
  name TEXT PRIMARY KEY,
  paused INTEGER NOT NULL DEFAULT 0,
  -- How many of its runs may run at once; null for any number.
  max_running INTEGER
) STRICT, WITHOUT ROWID;
`,
  },
  {
    version: 5,
    name: 'late',
    sql: `-- Runs that wait for their first start, by when they are late.
CREATE INDEX runs_late ON runs (late_at) WHERE late_at IS NOT NULL AND started_at IS NULL AND finished_at IS NULL;
`,
  },
  {
    version: 6,
    name: 'left_running',
    sql: `-- How many processes of the attempt were there when it had ended.
ALTER TABLE attempts ADD COLUMN left_running INTEGER NOT NULL DEFAULT 0;
`,
  },
  {
    version: 7,
    name: 'samples',
    sql: `-- What the totals were, one row a minute and one an hour: see store/samples.ts. \`step\` is the time between two, in ms.
CREATE TABLE samples (
  step INTEGER NOT NULL,
  time INTEGER NOT NULL,
  numbers TEXT NOT NULL,
  PRIMARY KEY (step, time)
) STRICT, WITHOUT ROWID;
`,
  },
  {
    version: 8,
    name: 'keys_and_audit',
    sql: `-- Who may ask: see store/keys.ts. Hashes are SHA-256 in hexadecimal.
CREATE TABLE keys (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  role TEXT NOT NULL,
  hash TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  last_used_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  key TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_by_key ON sessions (key);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Who changed what: see store/audit.ts. The seq tells the time, in µs. \`entry\` is JSON.
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  entry TEXT NOT NULL
) STRICT;
`,
  },
  {
    version: 9,
    name: 'drain',
    sql: `-- 1: somebody asked the worker to drain.
ALTER TABLE workers ADD COLUMN drain INTEGER NOT NULL DEFAULT 0;
`,
  },
];
