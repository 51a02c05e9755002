/** Lists of runs. */
import type { Run } from '../../domain/run.ts';
import { matchesRun } from '../filters.ts';
import { boundsOf, positionOf, type Listed } from '../page.ts';
import type { Cursor, Page, RunFilter } from '../views.ts';
import { birthCommand, runsOrNull, seqOfOnce } from './find-runs.ts';
import type { RedisLink } from './link.ts';
import { toPage } from './list-page.ts';
import { list } from './reply.ts';

/** Statuses that have an index of their own. */
const INDEXED = new Set<string>(['running', 'failed']);

/** Between which places to look, from `oldest` to below `newest`, and how many to take, newest first. */
interface Range {
  readonly newest: number;
  readonly oldest: number;
  readonly count: number;
}

export async function listRuns(
  link: RedisLink,
  filter: RunFilter,
  limit: number,
  cursor: Cursor | null,
): Promise<Page<Run>> {
  const order = filter.job === undefined ? 'runs' : 'numbers';
  const { job } = filter;
  return toPage<Run>(
    (position, count) =>
      job === undefined ? runsBefore(link, filter, position, count) : runsOfJob(link, job, position, count),
    { order, position: positionOf(cursor, order), limit },
    (run) => matchesRun(filter, run),
  );
}

async function runsBefore(
  link: RedisLink,
  filter: RunFilter,
  position: number,
  count: number,
): Promise<Listed<Run | null>[]> {
  const range = { ...boundsOf(filter, position), count };
  const { status = [] } = filter;
  const narrow = status.length > 0 && status.every((one) => INDEXED.has(one));
  const seqs = await (narrow ? seqsOfStatuses(link, new Set(status), range) : seqsOfAll(link, range));
  const runs = await runsOrNull(link, seqs);
  return seqs.map((position, index) => ({ position, row: runs[index] ?? null }));
}

/** A job's runs are in the order of their numbers. */
async function runsOfJob(link: RedisLink, job: string, position: number, count: number): Promise<Listed<Run | null>[]> {
  const [listed, birth] = await link.read([
    ['ZREVRANGEBYSCORE', `${link.prefix}l:${job}`, `(${position}`, '-inf', 'LIMIT', 0, count],
    birthCommand(link, job),
  ]);
  const seqs = list(listed).map(Number);
  // A once job with one run keeps no list of them.
  const only = seqOfOnce(birth);
  if (seqs.length === 0 && only !== null && position > 1) seqs.push(only);
  // Their places are their numbers, which only they know.
  const runs = (await runsOrNull(link, seqs)).filter((run) => run !== null);
  return runs.map((row) => ({ position: row.number, row }));
}

async function seqsOfAll(link: RedisLink, { newest, oldest, count }: Range): Promise<number[]> {
  const [entries] = await link.read([['XREVRANGE', `${link.prefix}runs`, `(${newest}-0`, oldest, 'COUNT', count]]);
  return list(entries).map((entry) => Number.parseInt(String(list(entry)[0]), 10));
}

async function seqsOfStatuses(
  link: RedisLink,
  statuses: ReadonlySet<string>,
  { newest, oldest, count }: Range,
): Promise<number[]> {
  const { prefix } = link;
  const replies = await link.read([
    ...(statuses.has('failed')
      ? [['ZREVRANGEBYSCORE', `${prefix}failed`, `(${newest}`, oldest, 'LIMIT', 0, count] as const]
      : []),
    // All that run hold a lease, in the order of its end.
    ...(statuses.has('running') ? [['ZRANGE', `${prefix}lease`, 0, -1] as const] : []),
  ]);
  const seqs = replies.flatMap((reply) => list(reply).map(Number));
  const within = seqs.filter((seq) => seq < newest && seq >= oldest);
  return [...new Set(within)].toSorted((a, b) => b - a).slice(0, count);
}
