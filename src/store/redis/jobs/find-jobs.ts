/** Jobs found by what people call them. */
import { decodeDefinition } from '../../../domain/definition-json.ts';
import { SHORTEST_PREFIX, type JobId, type JobRef } from '../../../domain/id.ts';
import type { Job } from '../../../domain/job.ts';
import type { FindJobResult, JobVersion } from '../../jobs.ts';
import { fieldsOf } from '../fields.ts';
import { isDeleted, versionAt, versionOf, type JobHash } from './job-hash.ts';
import { MOST_TRIES, type Command, type RedisLink } from '../link/link.ts';
import { jobEntries, jobHashes, withLastRuns } from './read-jobs.ts';
import { list, textOrNull } from '../link/reply.ts';

/** How many of those that share a prefix are named. */
const MOST_NAMED = 10;

/** How much of an id says in which `p:` it is. */
const INDEXED = 3;

/** How many entries are asked for in one round trip. */
const STEP = 1_000;

export async function findJob(link: RedisLink, ref: JobRef): Promise<FindJobResult> {
  const exact = (await byId(link, ref)) ?? (await byName(link, ref));
  if (exact !== null) return seen(link, exact);
  const [only, ...others] = await byPrefix(link, ref.toLowerCase());
  if (only === undefined) return { status: 'not_found' };
  if (others.length > 0) return { status: 'ambiguous', jobs: [only, ...others].slice(0, MOST_NAMED) };
  const job = await byId(link, only);
  return job === null ? { status: 'not_found' } : seen(link, job);
}

/** In the order asked for, also deleted ones. One that is not there is left out. */
export async function jobsById(link: RedisLink, ids: readonly string[]): Promise<Job[]> {
  const jobs = await withLastRuns(link, await jobHashes(link, ids));
  return jobs.filter((job) => job !== null);
}

export async function jobVersions(link: RedisLink, id: JobId): Promise<JobVersion[]> {
  for (let tries = 1; ; tries++) {
    const [job] = await jobHashes(link, [id]);
    if (job === null || job === undefined) return [];
    const [older] = await link.read([['HGETALL', `${link.prefix}v:${id}`]]);
    const versions = Object.entries(fieldsOf(older) ?? {}).map(([version, text]) =>
      toVersion(Number(version), text ?? ''),
    );
    const current = { version: versionOf(job), definition: job.definition, createdAt: versionAt(job) };
    const before = versions.filter(({ version }) => version < current.version);
    // An edit in between moved it among the older.
    if (before.length < versions.length && tries < MOST_TRIES) continue;
    return [current, ...before.toSorted((a, b) => b.version - a.version)];
  }
}

/** `<created at>|<definition>`. */
function toVersion(version: number, text: string): JobVersion {
  const bar = text.indexOf('|');
  return { version, definition: decodeDefinition(text.slice(bar + 1)), createdAt: Number(text.slice(0, bar)) };
}

async function seen(link: RedisLink, hash: JobHash): Promise<FindJobResult> {
  const [job] = await withLastRuns(link, [hash]);
  return job === null || job === undefined ? { status: 'not_found' } : { status: 'found', job };
}

async function byId(link: RedisLink, id: string): Promise<JobHash | null> {
  const [job] = await jobHashes(link, [id]);
  return job === null || job === undefined || isDeleted(job) ? null : job;
}

async function byName(link: RedisLink, name: string): Promise<JobHash | null> {
  const [reply] = await link.read([['HGET', `${link.prefix}names`, name]]);
  const id = textOrNull(reply);
  return id === null ? null : byId(link, id);
}

/** Ids of jobs that begin so, in their order. */
async function byPrefix(link: RedisLink, prefix: string): Promise<JobId[]> {
  if (prefix.length < SHORTEST_PREFIX) return [];
  const [members] = await link.read([['SMEMBERS', `${link.prefix}p:${prefix.slice(0, INDEXED)}`]]);
  const ids: JobId[] = [];
  const seqs = list(members).map(Number);
  for (let from = 0; from < seqs.length; from += STEP) {
    const replies = await link.read(seqs.slice(from, from + STEP).map((seq) => idCommand(link, seq)));
    ids.push(...replies.flatMap((reply) => jobEntries(reply).map(({ id }) => id)));
  }
  return ids.filter((id) => id.startsWith(prefix)).toSorted();
}

function idCommand({ prefix }: RedisLink, seq: number): Command {
  return ['XRANGE', `${prefix}jobs`, seq, seq];
}
