/**
 * Retention of cron jobs' runs, each by its job's own policy; and of jobs that were deleted, of either kind, which go with
 * all their runs.
 *
 * The zset `trim` says when a job is to be looked at: at once when a run of it ended, its policy changed or it was
 * deleted, else when its oldest run will be too old. So a job with nothing to trim costs nothing, however many runs it
 * keeps. Whoever looks takes the job for a minute; see trim-look.lua and trim-runs.lua.
 *
 * A job's runs lie in `l:<job>`, oldest first, final ones and open ones, and `o:<job>` knows how many are open. However
 * many these are, a look reads some hundreds of rows at most: where open runs lie among the final ones, more than
 * {@link MOST_OPEN} of them let final ones stay for longer than they need to.
 */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import { DAY, MINUTE, type Instant } from '../../../domain/instant.ts';
import {
  expendable,
  isTooOld,
  NOTHING_KEPT,
  rowsToLookAt,
  type Retainable,
  type RetentionPolicy,
} from '../../../domain/retention.ts';
import { isFinal } from '../../../domain/run-state.ts';
import { RUN_STATUSES, type RunStatus } from '../../../domain/run.ts';
import { RUN_FIELDS, STATUS_CODES } from '../layout.ts';
import { callMark } from '../link/call-mark.ts';
import type { Command, RedisLink } from '../link/link.ts';

/** How many rows one call looks at, about. */
const MOST_ROWS = 2_000;
/** How many of a job's oldest runs are asked for their age at once. */
const OLDEST = 20;
/** How many open runs are looked for among the final ones. Most are newer than all of these. */
const MOST_OPEN = 50;
/** How many jobs are looked at in one round. */
const JOBS_AT_ONCE = 50;
/** For so long nobody else looks at a job. */
const TAKEN_FOR = MINUTE;
/** Makes a part of a ms of a mark, of which a time keeps some 4,000 steps: enough to tell the times of two calls apart. */
const MARKS = 1_000_000;

interface TakenJob {
  readonly id: string;
  readonly policy: RetentionPolicy;
  /** How many runs it has, and how many of these were open, when it was taken. */
  readonly runs: number;
  readonly open: number;
  readonly deleted: boolean;
  /** The seq of a once job's only run, which no list leads to; null for others. */
  readonly only: string | null;
}

interface ListedRun extends Retainable {
  readonly seq: string;
}

interface FinalRun extends ListedRun {
  readonly finishedAt: Instant;
}

/** Which runs of a job are looked at: seqs of the oldest ones, and the newest ones from the rank `from` on. */
interface Listing {
  readonly oldest: readonly string[];
  readonly newest: readonly string[];
  readonly from: number;
  /** How many of all its runs are open; counted after these were listed. */
  readonly open: number;
}

/** Final runs that may have to go: the oldest, and the newest of those beyond `keepRuns`, newest first. */
interface Candidates {
  readonly oldest: readonly FinalRun[];
  readonly beyond: readonly FinalRun[];
  /** Whether some that are not final were among the oldest. */
  readonly open: boolean;
  /** How many rows were read to find them. */
  readonly looked: number;
}

interface Verdict {
  readonly job: string;
  /** When the job is to be looked at again; null for when a run of it ends. */
  readonly again: Instant | null;
  readonly gone: readonly FinalRun[];
}

/** Removes at most `limit` runs and deleted jobs. `more`: whether there may be more to look at. */
export async function trimCronJobs(
  link: RedisLink,
  limit: number,
): Promise<{ readonly jobs: number; readonly runs: number; readonly more: boolean }> {
  let [jobs, runs, looked] = [0, 0, 0];
  for (;;) {
    const left = limit - jobs - runs;
    if (left <= 0 || looked >= MOST_ROWS) return { jobs, runs, more: true };
    const till = (await link.now()) + TAKEN_FOR + callMark() / MARKS;
    const { now, taken } = await takeJobs(link, Math.min(JOBS_AT_ONCE, left), till);
    if (taken.length === 0) return { jobs, runs, more: false };
    const found = await readCandidates(link, taken, left);
    const removed = await remove(link, judge(taken, found, now, left), till);
    jobs += removed.jobs;
    runs += removed.runs;
    looked += found.reduce((sum, { looked: rows }) => sum + rows + 1, 0);
  }
}

async function takeJobs(
  link: RedisLink,
  most: number,
  till: Instant,
): Promise<{ readonly now: Instant; readonly taken: readonly TakenJob[] }> {
  type Row = [id: string, definition: string, runs: number, open: number, deleted: string, only: string];
  type Reply = [now: number, jobs: Row[]];
  const [now, jobs] = (await link.run('trim-look', most, till)) as Reply;
  const taken = jobs.map(([id, definition, runs, open, deleted, only]) => ({
    id,
    policy: deleted === '1' ? NOTHING_KEPT : decodeDefinition(definition),
    runs,
    open,
    deleted: deleted === '1',
    only: only === '' ? null : only,
  }));
  return { now, taken };
}

/** Reads which runs there are, then what has become of them. */
async function readCandidates(link: RedisLink, jobs: readonly TakenJob[], most: number): Promise<Candidates[]> {
  const replies = await link.read(jobs.flatMap((job) => listCommands(link.prefix, job, most)));
  const listings = jobs.map((job, index): Listing => {
    const [oldest, newest, open] = replies.slice(3 * index, 3 * index + 3) as [string[], string[], number];
    return { oldest: job.only === null ? oldest : [job.only], newest, from: firstRank(job), open };
  });
  const runs = await readRuns(link, [...new Set(listings.flatMap(({ oldest, newest }) => [...oldest, ...newest]))]);
  return jobs.map((job, index) => candidatesOf(job, listings[index] ?? NOTHING, runs));
}

const NOTHING: Listing = { oldest: [], newest: [], from: 0, open: 0 };

/** Its oldest runs; those around the newest `keepRuns` final ones and beyond; then how many are open. */
function listCommands(prefix: string, job: TakenJob, most: number): Command[] {
  const { id, policy, runs, open } = job;
  const amongThem = Math.min(open, MOST_OPEN);
  const [first, rows] = [firstRank(job), rowsToLookAt({ ...policy, keepRuns: 0 }, most)];
  // An empty range when it has no more runs than it may keep.
  const [from, to] = runs - open > policy.keepRuns ? [first, first + amongThem + rows - 1] : [1, 0];
  return [
    ['ZRANGE', `${prefix}l:${id}`, 0, OLDEST + amongThem - 1],
    ['ZREVRANGE', `${prefix}l:${id}`, from, to],
    ['ZCARD', `${prefix}o:${id}`],
  ];
}

/** As many ranks before the last run that has a place, if the newest ones are open, as there may be older open ones. */
function firstRank({ policy, open }: TakenJob): number {
  return policy.keepRuns + Math.max(0, open - MOST_OPEN);
}

/**
 * Those of the newest that have no place among `keepRuns`. Of the runs before them as many are final as cannot be open,
 * and so many let as many fewer of these stay. What ends or is born between the readings is only kept for longer.
 */
function candidatesOf(
  { policy }: TakenJob,
  { oldest, newest, from, open }: Listing,
  runs: ReadonlyMap<string, ListedRun>,
): Candidates {
  const listed = newest.flatMap((seq) => runs.get(seq) ?? []);
  const final = listed.filter(isFinalRun);
  const finalBefore = from - (open - (listed.length - final.length));
  const old = oldest.flatMap((seq) => runs.get(seq) ?? []);
  return {
    oldest: old.filter(isFinalRun).slice(0, OLDEST),
    open: !old.every(isFinalRun),
    beyond: final.slice(Math.max(0, policy.keepRuns - finalBefore)),
    looked: oldest.length + newest.length,
  };
}

/** Those that are still there. */
async function readRuns(link: RedisLink, seqs: readonly string[]): Promise<ReadonlyMap<string, ListedRun>> {
  if (seqs.length === 0) return new Map();
  const { job, status, finished_at: finishedAt } = RUN_FIELDS;
  const replies = await link.read(seqs.map((seq) => ['HMGET', `${link.prefix}r:${seq}`, job, status, finishedAt]));
  return new Map(
    seqs.flatMap((seq, index) => {
      const [owned, code, at] = replies[index] as (string | null)[];
      if (owned === null) return [];
      return [[seq, { seq, status: statusOf(code ?? null), finishedAt: at == null ? null : Number(at) }] as const];
    }),
  );
}

function isFinalRun(run: ListedRun): run is FinalRun {
  return isFinal(run.status) && run.finishedAt !== null;
}

/** Null is the usual one. */
function statusOf(code: string | null): RunStatus {
  return RUN_STATUSES.find((status) => STATUS_CODES[status] === code) ?? 'pending';
}

/** Together at most `limit` runs and jobs; whoever has no place any more is looked at again at once. */
function judge(jobs: readonly TakenJob[], found: readonly Candidates[], now: Instant, limit: number): Verdict[] {
  let left = limit;
  return jobs.map((job, index) => {
    const candidates = found[index] ?? { oldest: [], beyond: [], open: false, looked: 0 };
    if (left <= 0) return { job: job.id, again: now, gone: [] };
    const gone = goingRuns(job, candidates, now).slice(0, left);
    left -= Math.max(gone.length, job.deleted ? 1 : 0);
    return { job: job.id, gone, again: gone.length > 0 ? now : nextLook(job, candidates, now) };
  });
}

/** Too old ones from the oldest end, else those beyond what the job keeps. Of a deleted job all are too old. */
function goingRuns({ policy, deleted }: TakenJob, { oldest, beyond }: Candidates, now: Instant): FinalRun[] {
  const tooOld = oldest.filter((run) => deleted || isTooOld(policy, run, now));
  return tooOld.length > 0 ? tooOld : expendable({ ...policy, keepRuns: 0 }, beyond, now);
}

/**
 * When the oldest of those that stay will be too old; null when none stays. Some day, when only open runs were seen; soon,
 * when these are a deleted job's, whose end is nothing that it is looked at for.
 */
function nextLook({ policy, runs, open, deleted }: TakenJob, found: Candidates, now: Instant): Instant | null {
  const ends = found.oldest.map(({ finishedAt }) => finishedAt);
  if (ends.length > 0) return Math.min(...ends) + policy.keepDays * DAY + 1;
  if (deleted) return found.open ? now + MINUTE : null;
  return runs > open ? now + DAY : null;
}

async function remove(
  link: RedisLink,
  verdicts: readonly Verdict[],
  till: Instant,
): Promise<{ readonly jobs: number; readonly runs: number }> {
  const parameters = verdicts.flatMap(({ job, again, gone }) => [
    job,
    till,
    again ?? '',
    gone.length,
    ...gone.flatMap(({ seq, finishedAt }) => [seq, finishedAt]),
  ]);
  const [jobs, runs] = (await link.run('trim-runs', ...parameters)) as [number, number];
  return { jobs, runs };
}
