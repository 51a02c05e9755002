/** Examples for the OpenAPI document, by the ids of the schemas. A test holds each to be valid, and none to be missing. */
import { ACCESS_EXAMPLES } from './openapi-access-examples.ts';
import type { BulkJobsBody, BulkJobsOutcome, BulkRunsBody, BulkRunsOutcome } from '../schema/bulk.ts';
import type { NewJobBody, PatchBody } from '../schema/job-body.ts';
import type {
  BulkItem,
  BulkResult,
  CheckedJob,
  CheckItem,
  CheckResult,
  JobList,
  JobView,
  VersionList,
  VersionView,
} from '../schema/job-view.ts';
import type { FirstErrorView, LineList, LineMatches, NumberedLineView, OutputLine } from '../schema/output.ts';
import type { CalendarView } from '../schema/calendar.ts';
import type { PreviewBody, PreviewView } from '../schema/preview.ts';
import type { FieldError, Problem } from '../schema/problem.ts';
import type { QueueList, QueuePatch, QueueView } from '../schema/queue.ts';
import type { AttemptView, CancelledRuns, RunDetail, RunList, RunView } from '../schema/run-view.ts';
import type { JobStats, Series } from '../schema/stats.ts';
import type {
  ChangeEvent,
  DoctorView,
  LiveView,
  ReadyView,
  StatsView,
  WorkerList,
  WorkerView,
} from '../schema/system.ts';

const JOB_ID = '0199a6c2-7c1e-4b52-9d53-2f6b1f1f3a10';
const STARTED = '2026-11-24T02:00:00.021Z';
const FINISHED = '2026-11-24T02:00:07.334Z';

const newJob: NewJobBody = {
  name: 'nightly',
  command: 'backup --all',
  schedule: '0 2 * * *',
  timezone: 'Europe/Berlin',
};

const definition: Omit<VersionView, 'version' | 'created_at'> = {
  name: 'nightly',
  type: 'cron',
  description: '',
  tags: ['backup'],
  command: 'backup --all',
  queue: 'default',
  priority: 0,
  overlap: 'skip',
  timeout_seconds: 3_600,
  kill_grace_seconds: 10,
  retries: 2,
  retry_delay_seconds: 10,
  retry_backoff: 'exponential',
  retry_max_delay_seconds: 3_600,
  retry_on_exit_codes: null,
  on_lost: null,
  lost_after_seconds: 60,
  late_after_seconds: null,
  env: { TARGET: '/mnt/backup' },
  cwd: null,
  shell: '/bin/sh',
  stdin: null,
  keep_runs: 100,
  keep_failed_runs: 100,
  keep_days: 30,
  output_limit_bytes: 1_048_576,
  run_at: null,
  schedule: '0 2 * * *',
  schedule_words: 'At 02:00',
  timezone: 'Europe/Berlin',
  starts_at: null,
  ends_at: null,
  jitter_seconds: 0,
  misfire: 'latest',
  misfire_window_seconds: 3_600,
};

const lastRun: NonNullable<JobView['last_run']> = {
  id: `${JOB_ID}.42`,
  number: 42,
  status: 'succeeded',
  reason: null,
  started_at: STARTED,
  finished_at: FINISHED,
  contact_lost: false,
  late: false,
  late_at: null,
};

const job: JobView = {
  id: JOB_ID,
  status: 'scheduled',
  version: 3,
  created_at: '2026-10-01T09:12:44.000Z',
  updated_at: '2026-11-02T15:40:10.512Z',
  next_run_at: '2026-11-25T01:00:00.000Z',
  overdue: false,
  last_run: lastRun,
  ...definition,
};

const checked: CheckedJob = { next_run_at: '2026-11-25T01:00:00.000Z', ...definition };

const version: VersionView = { version: 3, created_at: '2026-11-02T15:40:10.512Z', ...definition };

const run: RunView = {
  id: `${JOB_ID}.42`,
  job_id: JOB_ID,
  job_name: 'nightly',
  number: 42,
  status: 'succeeded',
  reason: null,
  detail: null,
  trigger: 'schedule',
  scheduled_for: '2026-11-24T01:00:00.000Z',
  created_at: '2026-11-24T01:00:00.004Z',
  started_at: STARTED,
  finished_at: FINISHED,
  duration_ms: 7_313,
  left_running: 0,
  queue: 'default',
  priority: 0,
  ready_at: null,
  waiting_for: null,
  attempt: 1,
  worker: 'web-1',
  exit_code: 0,
  signal: null,
  cancel_requested: false,
  contact_lost: false,
  contact_lost_at: null,
  late: false,
  late_at: null,
  output_bytes: 1_204,
  output_truncated: false,
  skipped: null,
};

const attempt: AttemptView = {
  number: 1,
  job_version: 3,
  worker: 'web-1',
  started_at: STARTED,
  finished_at: FINISHED,
  duration_ms: 7_313,
  status: 'succeeded',
  reason: null,
  detail: null,
  exit_code: 0,
  signal: null,
  left_running: 0,
  output_bytes: 1_204,
  output_dropped: 0,
};

const fieldError: FieldError = {
  field: 'retrys',
  message: 'is no field that jobsched knows',
  hint: 'Did you mean retries?',
};

const problem: Problem = {
  type: 'urn:jobsched:error:invalid_request',
  title: 'The request is not valid.',
  status: 400,
  code: 'invalid_request',
  detail: 'retrys is no field that jobsched knows',
  field: 'retrys',
  hint: 'Did you mean retries?',
  errors: [fieldError],
  request_id: '4ee2e3f8-5d0e-4c4c-8c3a-0d3d8f6a4f36',
};

const notFound: Problem = {
  type: 'urn:jobsched:error:not_found',
  title: 'There is no such thing.',
  status: 404,
  code: 'not_found',
  detail: 'there is no job "nightli"',
  hint: 'A job goes by its name, its id, or at least the first 4 characters of its id.',
  request_id: '4ee2e3f8-5d0e-4c4c-8c3a-0d3d8f6a4f36',
};

const worker: WorkerView = {
  id: '5f0c8f9e-1c52-4b0e-9a39-3b7f2f1d6a10',
  name: 'web-1',
  host: 'web-1',
  pid: 1_204,
  version: '0.1.0',
  queues: ['default', 'host:web-1'],
  concurrency: 16,
  running: 1,
  state: 'active',
  alive: true,
  started_at: '2026-11-20T08:00:00.000Z',
  last_seen_at: '2026-11-24T02:00:05.000Z',
};

const queue: QueueView = { name: 'default', queued: 3, running: 1, paused: false, max_running: null, workers: 1 };

const stats: StatsView = {
  now: '2026-11-24T02:00:06.000Z',
  version: '0.1.0',
  started_at: '2026-11-20T08:00:00.000Z',
  engine: '/var/lib/jobsched/jobsched.db',
  timezone: 'Europe/Berlin',
  jobs: { once: 12, scheduled: 4, paused: 0, finished: 1 },
  runs: { pending: 3, running: 1, succeeded: 912, failed: 7, cancelled: 2, skipped: 0 },
  late: { started: 0, waiting: 0, overdue: 0 },
  workers: { alive: 1, slots: 16, busy: 1 },
  lost: { jobs: 0, runs: 0, changes: 0 },
};

const line: NumberedLineView = {
  n: 17,
  stream: 'stderr',
  time: '2026-11-24T02:00:03.120Z',
  text: 'warning: 2 files have vanished',
  dropped: null,
};

const slot: PreviewView['slots'][number] = {
  at: '2026-11-25T01:00:00.000Z',
  local: '2026-11-25T02:00:00+01:00',
  note: null,
};

const percentiles: JobStats['duration_ms'] = { p50: 7_313, p95: 9_120 };
const ended: JobStats['ended'] = { succeeded: 41, failed: 1, cancelled: 0, skipped: 0 };

/** `dry_run` first, then for good: the habit to show. */
const bulkJobs: BulkJobsBody = { action: 'pause', filter: { tag: 'backup' }, dry_run: true };
const bulkRuns: BulkRunsBody = { action: 'retry', filter: { status: ['failed'], since: '2026-11-24T00:00:00Z' } };
const outcome = { dry_run: false, matched: 2, done: 2, refused: [], more: false, next_cursor: null };

export const EXAMPLES = {
  ...ACCESS_EXAMPLES,
  Attempt: [attempt],
  BulkItem: [
    { status: 'created', job },
    { status: 'refused', problem: { ...problem, field: 'jobs[1].retrys' } },
  ] satisfies BulkItem[],
  BulkJobs: [bulkJobs],
  BulkJobsOutcome: [{ action: 'pause', ...outcome }] satisfies BulkJobsOutcome[],
  CheckedJob: [checked],
  CheckItem: [{ status: 'valid', job: checked }] satisfies CheckItem[],
  CheckResult: [{ valid: 1, refused: 0, results: [{ status: 'valid', job: checked }] }] satisfies CheckResult[],
  BulkResult: [{ created: 1, refused: 0, results: [{ status: 'created', job }] }] satisfies BulkResult[],
  BulkRuns: [bulkRuns],
  BulkRunsOutcome: [{ action: 'retry', ...outcome }] satisfies BulkRunsOutcome[],
  Cancel: [{ cursor: '9750' }],
  CancelledRuns: [{ count: 1, more: false, next_cursor: null, runs: [run] }] satisfies CancelledRuns[],
  Change: [{ kind: 'run', id: `${JOB_ID}.42` }] satisfies ChangeEvent[],
  Changes: [{ env: { TARGET: '/mnt/other' }, timeout_seconds: 60 }],
  FieldError: [fieldError],
  Job: [job],
  JobList: [{ jobs: [job], next_cursor: null }] satisfies JobList[],
  JobPatch: [{ schedule: '30 2 * * *', retries: 3 }] satisfies PatchBody[],
  JobVersion: [version],
  JobVersions: [{ versions: [version] }] satisfies VersionList[],
  JobStats: [
    {
      runs: 42,
      ended,
      late: 0,
      duration_ms: percentiles,
      lateness_ms: { p50: 12, p95: 40 },
      last: [{ id: run.id, number: 42, status: 'succeeded', reason: null, started_at: STARTED, duration_ms: 7_313 }],
    },
  ] satisfies JobStats[],
  Line: [line],
  LineMatches: [{ attempt: 1, matches: [line], next: null }] satisfies LineMatches[],
  Lines: [{ attempt: 1, lines: [line], total: 17, complete: true, ended: true, dropped: 0 }] satisfies LineList[],
  FirstError: [{ attempt: 1, error: line, stderr: line, next: null }] satisfies FirstErrorView[],
  Doctor: [
    {
      version: '1.0.0',
      now: '2026-11-24T02:00:00.000Z',
      findings: [
        {
          check: 'eviction',
          level: 'problem',
          message: 'when its memory is full, Redis throws jobs away (maxmemory-policy allkeys-lru)',
          remedy: 'Set maxmemory-policy noeviction.',
        },
      ],
    },
  ] satisfies DoctorView[],
  Live: [{ status: 'ok' }] satisfies LiveView[],
  NewJob: [{ command: "echo 'Hello, World!'" }, newJob] satisfies NewJobBody[],
  NewJobs: [{ jobs: [newJob, { command: 'date' }] }],
  OutputLine: [
    { kind: 'attempt', attempt: 1 },
    { kind: 'output', attempt: 1, offset: 0, stream: 'stdout', at: STARTED, text: 'Hello, World!\n' },
    { kind: 'end', attempt: 1, offset: 14, complete: true, status: 'succeeded' },
  ] satisfies OutputLine[],
  Percentiles: [percentiles],
  PreviewSlot: [slot],
  Problem: [problem, notFound],
  Queue: [queue],
  QueueList: [{ queues: [queue] }] satisfies QueueList[],
  QueuePatch: [{ max_running: 4 }, { max_running: null }] satisfies QueuePatch[],
  Ready: [
    { status: 'ok', parts: [{ name: 'engine', ready: true, detail: '/var/lib/jobsched/jobsched.db' }] },
  ] satisfies ReadyView[],
  Run: [run],
  RunDetail: [{ ...run, attempts: [attempt] }] satisfies RunDetail[],
  RunList: [{ runs: [run], next_cursor: 'r42.17' }] satisfies RunList[],
  RunSummary: [lastRun],
  Calendar: [
    {
      since: '2026-11-24T00:00:00Z',
      until: '2026-11-24T04:00:00Z',
      jobs: [{ job, slots: ['2026-11-24T01:00:00Z'], hours: [0, 1, 0, 0] }],
      next_cursor: null,
    },
  ] satisfies CalendarView[],
  SchedulePreview: [
    { schedule: '0 2 * * *', timezone: 'Europe/Berlin', words: 'At 02:00', slots: [slot], notes: [] },
  ] satisfies PreviewView[],
  SchedulePreviewRequest: [{ schedule: '0 2 * * *', timezone: 'Europe/Berlin', count: 1 }] satisfies PreviewBody[],
  Series: [
    {
      step_seconds: 900,
      points: [
        {
          time: '2026-11-24T02:00:00.000Z',
          ended,
          started_late: 0,
          queued: 3,
          running: 1,
          duration_ms: percentiles,
          lateness_ms: { p50: 12, p95: 40 },
        },
      ],
    },
  ] satisfies Series[],
  SkippedSlots: [{ first: '2026-11-24T01:00:00.000Z', last: '2026-11-24T01:20:00.000Z', count: 3, at_least: false }],
  Stats: [stats],
  Trigger: [{ force: true }, { changes: { env: { TARGET: '/mnt/other' } } }],
  Worker: [worker],
  WorkerList: [{ workers: [worker] }] satisfies WorkerList[],
} as const;
