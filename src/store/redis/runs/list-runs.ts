/** Lists of runs. */
import type { JobId } from '../../../domain/id.ts';
import type { JobDefinition } from '../../../domain/job.ts';
import type { Run, RunStatus } from '../../../domain/run.ts';
import { asksForJobs, matchesRun } from '../../filters.ts';
import { boundsOf, MOST_LOOKED_AT, positionOf, type Listed } from '../../page.ts';
import type { Cursor, Page, RunFilter } from '../../views.ts';
import { decodeStored } from '../jobs/facts.ts';
import { birthCommand, runsOrNull, seqOfOnce } from './find-runs.ts';
import type { Command, RedisLink } from '../link/link.ts';
import { placesOf, toPage } from '../list-page.ts';
import { list, textOrNull } from '../link/reply.ts';

/** Statuses that have an index of their own. */
const INDEXED = new Set<RunStatus>(['running', 'failed']);

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
  const now = filter.late === undefined ? 0 : await link.now();
  const definitions = new Map<JobId, JobDefinition>();
  return toPage<Run>(
    async (position, count) => {
      const runs = await (job === undefined
        ? runsBefore(link, filter, position, count)
        : runsOfJob(link, job, position, count));
      if (asksForJobs(filter)) await learnDefinitions(link, runs, definitions);
      return runs;
    },
    { order, position: positionOf(cursor, order), limit },
    (run) => matchesRun(filter, run, { now, definitionOf: (of) => definitions.get(of) }),
  );
}

/** Of the jobs of these runs, also of deleted ones; each is read once for a page. */
async function learnDefinitions(
  link: RedisLink,
  runs: readonly Listed<Run | null>[],
  known: Map<JobId, JobDefinition>,
): Promise<void> {
  const jobs = new Set(runs.flatMap(({ row }) => (row === null ? [] : [row.jobId])));
  const unknown = [...jobs].filter((job) => !known.has(job));
  if (unknown.length === 0) return;
  const stored = await link.read(unknown.map((job) => ['GET', `${link.prefix}d:${job}`]));
  for (const [index, job] of unknown.entries()) {
    const text = textOrNull(stored[index]);
    if (text !== null) known.set(job, decodeStored(text).definition);
  }
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
  const seqs = (narrow ? await seqsOfStatuses(link, new Set(status), range) : null) ?? (await seqsOfAll(link, range));
  const runs = await runsOrNull(link, seqs);
  return seqs.map((position, index) => ({ position, row: runs[index] ?? null }));
}

/** A job's runs are in the order of their numbers. */
async function runsOfJob(link: RedisLink, job: string, position: number, count: number): Promise<Listed<Run | null>[]> {
  const [listed, birth] = await link.read([
    ['ZREVRANGEBYSCORE', `${link.prefix}l:${job}`, `(${position}`, '-inf', 'WITHSCORES', 'LIMIT', 0, count],
    birthCommand(link, job),
  ]);
  const places = placesOf(listed);
  // A once job with one run keeps no list of them.
  const only = seqOfOnce(birth);
  if (places.length === 0 && only !== null && position > 1) places.push({ position: 1, row: String(only) });
  const seqs = places.map(({ row }) => Number(row));
  const runs = await runsOrNull(link, seqs);
  return places.map((place, index) => ({ position: place.position, row: runs[index] ?? null }));
}

async function seqsOfAll(link: RedisLink, { newest, oldest, count }: Range): Promise<number[]> {
  const [entries] = await link.read([['XREVRANGE', `${link.prefix}runs`, `(${newest}-0`, oldest, 'COUNT', count]]);
  return list(entries).map((entry) => Number.parseInt(String(list(entry)[0]), 10));
}

/** Null when more runs are running than a page may look at: then they are found among all. */
async function seqsOfStatuses(
  link: RedisLink,
  statuses: ReadonlySet<string>,
  { newest, oldest, count }: Range,
): Promise<number[] | null> {
  const { prefix } = link;
  const commands: Command[] = [];
  if (statuses.has('failed')) {
    commands.push(['ZREVRANGEBYSCORE', `${prefix}failed`, `(${newest}`, oldest, 'LIMIT', 0, count]);
  }
  // All that run hold a lease, in the order of its end.
  if (statuses.has('running')) commands.push(['ZRANGE', `${prefix}lease`, 0, MOST_LOOKED_AT]);
  const replies = (await link.read(commands)).map(list);
  if (replies.some(({ length }) => length > MOST_LOOKED_AT)) return null;
  const within = replies
    .flat()
    .map(Number)
    .filter((seq) => seq < newest && seq >= oldest);
  return [...new Set(within)].toSorted((a, b) => b - a).slice(0, count);
}
