/**
 * Retention of cron jobs' runs, each by its job's own policy.
 *
 * The zset `trim` says when a job is to be looked at: at once when a run of it ended or its policy changed, else when its
 * oldest run will be too old. So a job with nothing to trim costs nothing, however many runs it keeps. Whoever looks
 * takes the job for a minute; see trim-look.lua and trim-runs.lua.
 *
 * A job's runs lie in `l:<job>`, oldest first, final ones and open ones; which are open is in `o:<job>`.
 */
import { decodeDefinition } from '../../domain/definition-json.ts';
import { DAY, MINUTE, type Instant } from '../../domain/instant.ts';
import type { JobDefinition } from '../../domain/job.ts';
import { expendable, isTooOld, rowsToLookAt, type Retainable } from '../../domain/retention.ts';
import { isFinal } from '../../domain/run-state.ts';
import { RUN_STATUSES, type RunStatus } from '../../domain/run.ts';
import { RUN_FIELDS, STATUS_CODES } from './layout.ts';
import type { Command, RedisLink } from './link.ts';

/** How many rows one call looks at, about. */
const MOST_ROWS = 2_000;
/** How many of a job's oldest runs are asked for their age at once. */
const OLDEST = 20;
/** How many jobs are looked at in one round. */
const JOBS_AT_ONCE = 50;
/** For so long nobody else looks at a job. */
const TAKEN_FOR = MINUTE;

interface TakenJob {
  readonly id: string;
  readonly definition: JobDefinition;
  /** How many runs it has, and how many of these were open, when it was taken. */
  readonly runs: number;
  readonly open: number;
  readonly deleted: boolean;
}

interface FinalRun extends Retainable {
  readonly seq: string;
  readonly finishedAt: Instant;
}

/** Final runs that may have to go: the oldest, and the newest of those beyond `keepRuns`, newest first. */
interface Candidates {
  readonly oldest: readonly FinalRun[];
  readonly beyond: readonly FinalRun[];
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
    const { now, taken } = await takeJobs(link, Math.min(JOBS_AT_ONCE, left));
    if (taken.length === 0) return { jobs, runs, more: false };
    const found = await readCandidates(link, taken, left);
    const removed = await remove(link, judge(taken, found, now, left), now + TAKEN_FOR);
    jobs += removed.jobs;
    runs += removed.runs;
    looked += found.reduce((sum, { oldest, beyond }) => sum + oldest.length + beyond.length + 1, 0);
  }
}

async function takeJobs(
  link: RedisLink,
  most: number,
): Promise<{ readonly now: Instant; readonly taken: readonly TakenJob[] }> {
  type Reply = [now: number, jobs: [id: string, definition: string, runs: number, open: number, deleted: string][]];
  const [now, jobs] = (await link.run('trim-look', most, TAKEN_FOR)) as Reply;
  const taken = jobs.map(([id, definition, runs, open, deleted]) => ({
    id,
    definition: decodeDefinition(definition),
    runs,
    open,
    deleted: deleted === '1',
  }));
  return { now, taken };
}

/** Reads which runs there are, then what has become of them. */
async function readCandidates(link: RedisLink, jobs: readonly TakenJob[], most: number): Promise<Candidates[]> {
  const replies = await link.read(jobs.flatMap((job) => listing(link.prefix, job, most)));
  const seqs = jobs.map((_, index) => {
    const [oldest = [], beyond = [], open = []] = replies.slice(3 * index, 3 * index + 3) as string[][];
    return finalSeqs(oldest, beyond, open);
  });
  const all = [...new Set(seqs.flatMap(({ oldest, beyond }) => [...oldest, ...beyond]))];
  const runs = await readFinalRuns(link, all);
  const found = (list: readonly string[]): FinalRun[] => list.flatMap((seq) => runs.get(seq) ?? []);
  return seqs.map(({ oldest, beyond }) => ({ oldest: found(oldest), beyond: found(beyond) }));
}

/**
 * Its oldest runs; those beyond the newest `keepRuns`; those that are open. These are read last: what ends in between is
 * final by then, and what is born in between is only kept for longer.
 */
function listing(prefix: string, { id, definition, runs, open }: TakenJob, most: number): Command[] {
  const { keepRuns } = definition;
  const rows = rowsToLookAt({ ...definition, keepRuns: 0 }, most);
  // An empty range when it has no more runs than it may keep.
  const last = runs - open > keepRuns ? keepRuns + open + rows - 1 : 0;
  return [
    ['ZRANGE', `${prefix}l:${id}`, 0, OLDEST + open - 1],
    ['ZREVRANGE', `${prefix}l:${id}`, last === 0 ? 1 : keepRuns, last],
    ['ZRANGE', `${prefix}o:${id}`, 0, -1],
  ];
}

/** @param beyond from rank `keepRuns` on; open ones among those before it let as many final ones stay. */
function finalSeqs(
  oldest: readonly string[],
  beyond: readonly string[],
  open: readonly string[],
): { readonly oldest: readonly string[]; readonly beyond: readonly string[] } {
  const isOpen = new Set(open);
  const [first = ''] = beyond;
  const newerOpen = open.filter((seq) => seq > first).length;
  return {
    oldest: oldest.filter((seq) => !isOpen.has(seq)).slice(0, OLDEST),
    beyond: beyond.filter((seq) => !isOpen.has(seq)).slice(newerOpen),
  };
}

async function readFinalRuns(link: RedisLink, seqs: readonly string[]): Promise<ReadonlyMap<string, FinalRun>> {
  if (seqs.length === 0) return new Map();
  const { status, finished_at: finishedAt } = RUN_FIELDS;
  const replies = await link.read(seqs.map((seq) => ['HMGET', `${link.prefix}r:${seq}`, status, finishedAt]));
  const runs = seqs.map((seq, index) => {
    const [code, at] = replies[index] as [string | null, string | null];
    return { seq, status: statusOf(code), finishedAt: Number(at ?? 0) };
  });
  return new Map(runs.filter((run) => isFinal(run.status)).map((run) => [run.seq, run]));
}

/** Null, for a run that is gone, counts as one that may not go. */
function statusOf(code: string | null): RunStatus {
  return RUN_STATUSES.find((status) => STATUS_CODES[status] === code) ?? 'pending';
}

/** Together at most `limit` runs and jobs; whoever has no place any more is looked at again at once. */
function judge(jobs: readonly TakenJob[], found: readonly Candidates[], now: Instant, limit: number): Verdict[] {
  let left = limit;
  return jobs.map((job, index) => {
    const candidates = found[index] ?? { oldest: [], beyond: [] };
    if (left <= 0) return { job: job.id, again: now, gone: [] };
    const gone = goingRuns(job, candidates, now).slice(0, left);
    left -= Math.max(gone.length, job.deleted ? 1 : 0);
    return { job: job.id, gone, again: gone.length > 0 ? now : nextLook(job, candidates) };
  });
}

/** Too old ones from the oldest end, else those beyond what the job keeps. */
function goingRuns({ definition }: TakenJob, { oldest, beyond }: Candidates, now: Instant): FinalRun[] {
  const tooOld = oldest.filter((run) => isTooOld(definition, run, now));
  return tooOld.length > 0 ? tooOld : expendable({ ...definition, keepRuns: 0 }, beyond, now);
}

/** When the oldest of those that stay will be too old; null when none stays. */
function nextLook({ definition }: TakenJob, { oldest }: Candidates): Instant | null {
  if (oldest.length === 0) return null;
  return Math.min(...oldest.map(({ finishedAt }) => finishedAt)) + definition.keepDays * DAY + 1;
}

async function remove(
  link: RedisLink,
  verdicts: readonly Verdict[],
  taken: Instant,
): Promise<{ readonly jobs: number; readonly runs: number }> {
  const parameters = verdicts.flatMap(({ job, again, gone }) => [
    job,
    taken,
    again ?? '',
    gone.length,
    ...gone.map(({ seq }) => seq),
  ]);
  const [jobs, runs] = (await link.run('trim-runs', ...parameters)) as [number, number];
  return { jobs, runs };
}
