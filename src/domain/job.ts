/**
 * A job: what the user asked for.
 *
 * Invariants:
 * - A definition is complete: every default is resolved when it is made, so a job never changes its meaning because a
 *   default, a server's setting or a server's time zone did. Only `onLost` stays open, since it follows `retries`.
 * - A definition is valid: `http/schema` refuses anything else, and the store keeps what it is given.
 * - `version` starts at 1 and rises with every edit. The last {@link KEPT_VERSIONS} are kept.
 * - `name` never changes.
 */
import type { JobId, RunId } from './id.ts';
import { HOUR, SECOND, type Instant } from './instant.ts';
import type { Overlap } from './overlap.ts';
import type { Backoff } from './retry.ts';
import type { RunReason, RunStatus } from './run.ts';
import type { Misfire } from './schedule/misfire.ts';

export const KEPT_VERSIONS = 10;

/** Fields that both kinds of job have. Names are those of the API in camel case; units are in the names. */
export interface CommonDefinition {
  /** Unique among the jobs, or null for a job that goes by its id. */
  readonly name: string | null;
  readonly description: string;
  readonly tags: readonly string[];
  /** Given to `shell -c`. At most 64 KiB. */
  readonly command: string;
  /** The line its runs wait in. `host:<name>` pins them to the worker of that name. */
  readonly queue: string;
  /** −100…100, higher first, within a queue. */
  readonly priority: number;
  readonly overlap: Overlap;
  /** An attempt that takes longer is ended. Null: no limit. */
  readonly timeoutSeconds: number | null;
  /** Between TERM and KILL, whatever the reason for ending an attempt. */
  readonly killGraceSeconds: number;
  /** Further attempts after the first that failed. */
  readonly retries: number;
  readonly retryDelaySeconds: number;
  readonly retryBackoff: Backoff;
  readonly retryMaxDelaySeconds: number;
  /** Exit codes worth a retry. Null: all but 0. */
  readonly retryOnExitCodes: readonly number[] | null;
  /** What becomes of an attempt whose worker was lost. Null: `retry` if `retries` ≥ 1, else `fail`. See `retry.ts`. */
  readonly onLost: 'retry' | 'fail' | null;
  /** How long after its lease lapsed an attempt is given up. */
  readonly lostAfterSeconds: number;
  /** A run that starts, or still waits, later than this after its time is late: see `late.ts`. Null: none is. */
  readonly lateAfterSeconds: number | null;
  readonly env: Readonly<Record<string, string>>;
  /** Working directory. Null: the worker's home directory. */
  readonly cwd: string | null;
  readonly shell: string;
  /** Written to the command's standard input, which is then closed. Null: it is empty. */
  readonly stdin: string | null;
  readonly keepRuns: number;
  readonly keepFailedRuns: number;
  readonly keepDays: number;
  /** What is kept of one attempt's output: a quarter of it from the start, the rest from the end. */
  readonly outputLimitBytes: number;
}

export interface OnceDefinition extends CommonDefinition {
  readonly type: 'once';
  /** When its run becomes claimable. Null: at once. */
  readonly runAt: Instant | null;
}

export interface CronDefinition extends CommonDefinition {
  readonly type: 'cron';
  /** As the user wrote it; `schedule/` reads it. */
  readonly schedule: string;
  /** IANA name, resolved at creation. */
  readonly timezone: string;
  /** Where `@every` counts from: `startsAt`, else the second of the creation. */
  readonly anchor: Instant;
  /** No slot before it. */
  readonly startsAt: Instant | null;
  /** No slot at or after it. */
  readonly endsAt: Instant | null;
  /** A run becomes claimable up to this much after its slot; how much is fixed by job and slot. */
  readonly jitterSeconds: number;
  readonly misfire: Misfire;
  /** Overdue slots older than this are never run. */
  readonly misfireWindowSeconds: number;
}

export type JobDefinition = OnceDefinition | CronDefinition;

/** A once job's status is its latest run's. A cron job is scheduled, paused, or finished when no slot is left. */
export type JobStatus = RunStatus | 'scheduled' | 'paused' | 'finished';

/** What lists show of a job's latest run. */
export interface RunSummary {
  readonly id: RunId;
  readonly number: number;
  readonly status: RunStatus;
  readonly reason: RunReason | null;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  /** Since when its worker is out of contact. */
  readonly contactLostAt: Instant | null;
  /** A start after this is late. */
  readonly lateAt: Instant | null;
}

export interface Job {
  readonly id: JobId;
  readonly version: number;
  readonly definition: JobDefinition;
  readonly status: JobStatus;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** The next slot: null for once jobs, paused ones, and when none is left. */
  readonly nextSlot: Instant | null;
  /** The newest slot that was fired or skipped. No next slot is ever set at or before it. */
  readonly lastSlot: Instant | null;
  readonly lastRun: RunSummary | null;
}

/** Defaults of the fields that both kinds have (design section 5). */
export const COMMON_DEFAULTS = {
  name: null,
  description: '',
  tags: [],
  queue: 'default',
  priority: 0,
  overlap: 'skip',
  timeoutSeconds: null,
  killGraceSeconds: 10,
  retries: 0,
  retryDelaySeconds: 10,
  retryBackoff: 'exponential',
  retryMaxDelaySeconds: 3_600,
  retryOnExitCodes: null,
  onLost: null,
  lostAfterSeconds: 60,
  lateAfterSeconds: null,
  env: {},
  cwd: null,
  shell: '/bin/sh',
  stdin: null,
  keepRuns: 100,
  keepFailedRuns: 100,
  keepDays: 30,
  outputLimitBytes: 1024 * 1024,
} as const satisfies Omit<CommonDefinition, 'command'>;

/** Defaults of the fields that only cron jobs have, but for those that depend on when and where one is created. */
export const CRON_DEFAULTS = {
  startsAt: null,
  endsAt: null,
  jitterSeconds: 0,
  misfire: 'latest',
  misfireWindowSeconds: HOUR / SECOND,
} as const satisfies Partial<CronDefinition>;
