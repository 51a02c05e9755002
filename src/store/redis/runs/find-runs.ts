/** Runs found by their ids, their places, their jobs. */
import { parseRunId, type JobId, type RunId } from '../../../domain/id.ts';
import type { Attempt, Run } from '../../../domain/run.ts';
import { MOST_ITEMS } from '../../store.ts';
import { archivedAttempts } from './archived-attempt.ts';
import { fieldsOf } from '../fields.ts';
import { MOST_TRIES, type Command, type RedisLink } from '../link/link.ts';
import { list } from '../link/reply.ts';
import { isLive, newestAttempt, toRun, type RunHash } from './run-hash.ts';

/** How much of `d:<job>` says the job's seq and kind: `<16 digits>|o`. */
const BIRTH = 18;

/** How many places of a job are looked at in one round trip. */
const STEP = 1_000;

export async function getRun(
  link: RedisLink,
  id: RunId,
): Promise<{ readonly run: Run; readonly attempts: readonly Attempt[] } | null> {
  const seq = await seqOf(link, id);
  if (seq === null) return null;
  for (let tries = 1; ; tries++) {
    const [run, archived] = await link.read([readCommand(link, seq), ['HGETALL', `${link.prefix}a:${seq}`]]);
    const fields = fieldsOf(run);
    if (fields === null) return null;
    const hash = { seq, fields };
    const newest = newestAttempt(hash);
    // A claim in between put the newest among the earlier ones; a claim that was given back took one of them away.
    const earlier = archivedAttempts(fieldsOf(archived) ?? {}).filter(({ number }) => number < (newest?.number ?? 1));
    const attempts = newest === null ? [] : [...earlier, newest];
    if (attempts.length === (newest?.number ?? 0) || tries === MOST_TRIES) return { run: toRun(hash), attempts };
  }
}

/** Where the run lies, if it is there; null for a run of an unknown job and what is no id. */
export async function seqOf(link: RedisLink, id: RunId): Promise<number | null> {
  const parts = parseRunId(id);
  if (parts === null) return null;
  const { job, number } = parts;
  const [listed, birth] = await link.read([
    ['ZRANGEBYSCORE', `${link.prefix}l:${job}`, number, number],
    birthCommand(link, job),
  ]);
  const [seq] = list(listed);
  if (seq !== undefined) return Number(seq);
  return number === 1 ? seqOfOnce(birth) : null;
}

/** Asks for what {@link seqOfOnce} reads. */
export function birthCommand(link: RedisLink, job: string): Command {
  return ['GETRANGE', `${link.prefix}d:${job}`, 0, BIRTH - 1];
}

/** The place of a once job's first run, which is the job's own; null for other jobs. */
export function seqOfOnce(birth: unknown): number | null {
  const [seq, kind] = String(birth).split('|');
  return kind === 'o' ? Number(seq) : null;
}

/** In the order asked for. One that is not there is left out. */
export async function runsBySeq(link: RedisLink, seqs: readonly number[]): Promise<Run[]> {
  return (await runsOrNull(link, seqs)).filter((run) => run !== null);
}

/** Null in place of what is not there. */
export async function runsOrNull(link: RedisLink, seqs: readonly number[]): Promise<(Run | null)[]> {
  if (seqs.length === 0) return [];
  const replies = await link.read(seqs.map((seq) => readCommand(link, seq)));
  return seqs.map((seq, index) => {
    const fields = fieldsOf(replies[index]);
    return fields === null ? null : toRun({ seq, fields } satisfies RunHash);
  });
}

export async function liveRuns(link: RedisLink, job: JobId, before = Number.MAX_SAFE_INTEGER): Promise<Run[]> {
  const [open, birth] = await link.read([
    // Those that wait for their turn have a score of 3: see `openness` in lua/lib/runs.lua.
    ['ZRANGEBYSCORE', `${link.prefix}o:${job}`, 0, 2, 'LIMIT', 0, MOST_ITEMS + 1],
    birthCommand(link, job),
  ]);
  const seqs = list(open).map(Number);
  if (seqs.length > MOST_ITEMS) return newestLive(link, job, before);
  // A once job with one run keeps no list of what is open.
  const only = seqOfOnce(birth);
  const runs = await runsBySeq(link, seqs.length === 0 && only !== null ? [only] : seqs);
  return runs.filter((run) => isLive(run) && run.number < before).toSorted((a, b) => b.number - a.number);
}

/** Of a job with a backlog: down its runs, most of which are live then. */
async function newestLive(link: RedisLink, job: JobId, before: number): Promise<Run[]> {
  const open = `${link.prefix}o:${job}`;
  const found: Run[] = [];
  for (let skip = 0; found.length < MOST_ITEMS; skip += STEP) {
    const seqs = await seqsOfJob(link, job, before, STEP, skip);
    if (seqs.length === 0) break;
    const [scores] = await link.read([['ZMSCORE', open, ...seqs]]);
    const live = list(scores).flatMap((score, index) =>
      score !== null && Number(score) <= 2 ? [seqs[index] ?? 0] : [],
    );
    found.push(...(await runsBySeq(link, live.slice(0, MOST_ITEMS - found.length))).filter(isLive));
  }
  return found;
}

/** Places of the job's runs with numbers below that, newest first. */
async function seqsOfJob(link: RedisLink, job: JobId, before: number, count: number, skip: number): Promise<number[]> {
  const key = `${link.prefix}l:${job}`;
  const [seqs] = await link.read([['ZREVRANGEBYSCORE', key, `(${before}`, '-inf', 'LIMIT', skip, count]]);
  return list(seqs).map(Number);
}

function readCommand(link: RedisLink, seq: number): Command {
  return ['HGETALL', `${link.prefix}r:${seq}`];
}
