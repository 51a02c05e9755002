/** What one chaos run leaves behind to be judged: what was asked for, what was done to it, what was seen. All plain data. */
import type { RunDetail } from '../../src/client/client.ts';
import type { Instant, Millis } from '../../src/domain/instant.ts';
import type { Misfire } from '../../src/domain/schedule/misfire.ts';
import type { Overlap } from '../../src/domain/overlap.ts';
import type { FaultKind } from './fault-plan.ts';

/** A job that was asked for. */
export interface AskedJob {
  readonly name: string;
  /** Its slots by arithmetic: `first`, `first + period`… before `end`. Null for a once job. */
  readonly slots: { readonly first: Instant; readonly period: Millis; readonly end: Instant } | null;
  readonly overlap: Overlap;
  readonly misfire: Misfire;
  readonly retries: number;
  /** How long its attempts wait for a worker that is out of contact, beyond its lease. */
  readonly lostAfter: Millis;
  /** Whether a server said that it is made. Only such a job has to run; one without may. */
  readonly acknowledged: boolean;
}

/** A line of the witness file: what a command said of itself. */
export interface Testimony {
  /** `beat`: in between, of those that take their time. */
  readonly event: 'begin' | 'beat' | 'end';
  readonly job: string;
  readonly run: string;
  readonly attempt: number;
  /** Null for a once job. */
  readonly slot: Instant | null;
  readonly at: Instant;
}

/** A fault as it came. */
export interface InflictedFault {
  readonly kind: FaultKind;
  /** The name of the worker or server; null when it hit all. */
  readonly target: string | null;
  readonly from: Instant;
  /** When it was taken back, and its process was there again. */
  readonly to: Instant;
}

/** A run as the API tells at the end. */
export type RecordedRun = Pick<
  RunDetail,
  'id' | 'job_name' | 'status' | 'reason' | 'scheduled_for' | 'created_at' | 'finished_at' | 'skipped'
> & {
  readonly attempts: readonly Pick<
    RunDetail['attempts'][number],
    'number' | 'worker' | 'started_at' | 'finished_at' | 'status' | 'reason'
  >[];
};

export interface History {
  /** The names of those that fire slots. */
  readonly servers: readonly string[];
  readonly jobs: readonly AskedJob[];
  readonly faults: readonly InflictedFault[];
  readonly witness: readonly Testimony[];
  readonly runs: readonly RecordedRun[];
}
