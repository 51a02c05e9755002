/** Lists of jobs. */
import type { JobId } from '../../../domain/id.ts';
import type { Job } from '../../../domain/job.ts';
import { matchesJob } from '../../filters.ts';
import { positionOf, type Listed } from '../../page.ts';
import type { Cursor, JobFilter, Page } from '../../views.ts';
import { isDeleted } from './job-hash.ts';
import type { RedisLink } from '../link/link.ts';
import { placesOf, toPage } from '../list-page.ts';
import { jobEntries, jobHashes, withLastRuns } from './read-jobs.ts';

/** Statuses that only cron jobs have. */
const OF_CRON_JOBS = new Set<string>(['scheduled', 'paused', 'finished']);

export async function listJobs(
  link: RedisLink,
  filter: JobFilter,
  limit: number,
  cursor: Cursor | null,
): Promise<Page<Job>> {
  const places = mustBeCron(filter) ? cronPlaces : allPlaces;
  return toPage<Job>(
    async (position, count) => withJobs(link, await places(link, position, count)),
    { order: 'jobs', position: positionOf(cursor, 'jobs'), limit },
    (job) => matchesJob(filter, job),
  );
}

function mustBeCron({ type, status = [] }: JobFilter): boolean {
  return type === 'cron' || (status.length > 0 && status.every((one) => OF_CRON_JOBS.has(one)));
}

type Place = Listed<JobId>;

async function allPlaces(link: RedisLink, position: number, count: number): Promise<Place[]> {
  const [entries] = await link.read([['XREVRANGE', `${link.prefix}jobs`, `(${position}-0`, '-', 'COUNT', count]]);
  return jobEntries(entries).map(({ seq, id }) => ({ position: seq, row: id }));
}

async function cronPlaces(link: RedisLink, position: number, count: number): Promise<Place[]> {
  const range = ['ZREVRANGEBYSCORE', `${link.prefix}crons`, `(${position}`, '-inf', 'WITHSCORES'] as const;
  const [reply] = await link.read([[...range, 'LIMIT', 0, count]]);
  return placesOf(reply).map(({ position: place, row }) => ({ position: place, row: row as JobId }));
}

async function withJobs(link: RedisLink, places: readonly Place[]): Promise<Listed<Job | null>[]> {
  const ids = places.map(({ row }) => row);
  const hashes = await jobHashes(link, ids);
  const jobs = await withLastRuns(
    link,
    hashes.map((hash) => (hash === null || isDeleted(hash) ? null : hash)),
  );
  return places.map(({ position }, index) => ({ position, row: jobs[index] ?? null }));
}
