/** What a chaos run asks for: jobs of all kinds, with the slots that they must have by plain arithmetic. */
import type { NewJobBody } from '../../src/client/client.ts';
import { MISFIRES } from '../../src/domain/schedule/misfire.ts';
import { OVERLAPS } from '../../src/domain/overlap.ts';
import { SECOND, type Instant } from '../../src/domain/instant.ts';
import type { AskedJob } from './history.ts';
import { testifying } from './witness.ts';

/** A job to submit, and what is expected of it. */
export interface PlannedJob {
  readonly body: NewJobBody & { readonly name: string };
  readonly asked: Omit<AskedJob, 'acknowledged'>;
}

export interface JobsOptions {
  readonly count: number;
  /** Of all slots. */
  readonly from: Instant;
  readonly until: Instant;
  /** Where the commands testify. */
  readonly witness: string;
  /** In seconds; whole parts of a minute. */
  readonly periods: readonly number[];
  /** How long runs of lost workers wait for these, in seconds. */
  readonly lostAfter: readonly number[];
}

/** What commands do: end at once, take their time, fail at first, hang at first, deaf or not, and write a lot. */
const WORKS = [
  'true',
  'sleep 0.5',
  '[ "$JOBSCHED_ATTEMPT" -gt 1 ]',
  'for n in 1 2 3 4 5 6; do beat; sleep 0.5; done',
  '[ "$JOBSCHED_ATTEMPT" -gt 1 ] || while beat; do sleep 0.5; done',
  'head -c 50000 /dev/zero',
  'exit 3',
  'trap \'\' TERM; [ "$JOBSCHED_ATTEMPT" -gt 1 ] || while beat; do sleep 0.5; done',
] as const;

const pick = <T>(list: readonly [T, ...T[]] | readonly T[], index: number, fallback: T): T =>
  list[index % list.length] ?? fallback;

/** Four of five have a schedule; the others are submitted while the faults come. */
export function planJobs(options: JobsOptions): { readonly cron: PlannedJob[]; readonly once: PlannedJob[] } {
  const cron = Math.ceil(options.count * 0.8);
  return {
    cron: Array.from({ length: cron }, (_, index) => cronJob(index, options)),
    once: Array.from({ length: options.count - cron }, (_, index) => onceJob(index, options)),
  };
}

function cronJob(index: number, options: JobsOptions): PlannedJob {
  const { from, until, periods } = options;
  const name = `cron-${index}`;
  const seconds = pick(periods, index, 10);
  const period = seconds * SECOND;
  const overlap = pick(OVERLAPS, Math.floor(index / periods.length), 'skip');
  const catchesUp = overlap === 'queue' || overlap === 'allow';
  const misfire = catchesUp ? pick(MISFIRES, index, 'latest') : pick(['latest', 'skip'] as const, index, 'latest');
  const every = index % 4 === 3;
  const first = every ? from : Math.ceil(from / period) * period;
  const body = {
    name,
    ...common(index, options),
    schedule: every ? `@every ${seconds}s` : `*/${seconds} * * * * *`,
    starts_at: new Date(from).toISOString(),
    ends_at: new Date(until).toISOString(),
    overlap,
    misfire,
  };
  return { body, asked: { name, slots: { first, period, end: until }, overlap, misfire, ...policyOf(body) } };
}

function onceJob(index: number, options: JobsOptions): PlannedJob {
  const name = `once-${index}`;
  const body = { name, ...common(index, options) };
  return { body, asked: { name, slots: null, overlap: 'skip', misfire: 'latest', ...policyOf(body) } };
}

function policyOf(body: ReturnType<typeof common>): Pick<AskedJob, 'retries' | 'lostAfter'> {
  return { retries: body.retries, lostAfter: body.lost_after_seconds * SECOND };
}

function common(index: number, { witness, lostAfter }: JobsOptions) {
  return {
    command: testifying(witness, pick(WORKS, index, 'true')),
    retries: index % 3,
    retry_delay_seconds: 1,
    timeout_seconds: 5,
    kill_grace_seconds: 1,
    on_lost: index % 5 === 4 || index % 3 === 0 ? 'fail' : 'retry',
    lost_after_seconds: pick(lostAfter, index, 0),
    keep_runs: 100_000,
    keep_failed_runs: 100_000,
  } as const;
}
