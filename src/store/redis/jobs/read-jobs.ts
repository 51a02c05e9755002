/** Jobs by their ids, with their newest runs. */
import type { JobId } from '../../../domain/id.ts';
import type { Job } from '../../../domain/job.ts';
import { fieldsOf, type Fields } from '../fields.ts';
import { lastRunSeq, SUMMARY_FIELDS, toJob, toJobHash, type JobHash } from './job-hash.ts';
import type { Command, RedisLink } from '../link/link.ts';
import { list, textOrNull } from '../link/reply.ts';

/** Null in place of what is not there. */
export async function jobHashes(link: RedisLink, ids: readonly string[]): Promise<(JobHash | null)[]> {
  if (ids.length === 0) return [];
  const replies = await link.read(ids.flatMap((id) => readCommands(link, id)));
  return ids.map((id, index) => toHash(id as JobId, replies[2 * index + 1], replies[2 * index]));
}

/** Null in place of what is not there. */
export async function withLastRuns(link: RedisLink, hashes: readonly (JobHash | null)[]): Promise<(Job | null)[]> {
  const seqs = [...new Set(hashes.flatMap((hash) => (hash === null ? [] : (lastRunSeq(hash) ?? []))))];
  const runs = await summaries(link, seqs);
  return hashes.map((hash) => {
    if (hash === null) return null;
    return toJob(hash, runs.get(lastRunSeq(hash) ?? 0) ?? null);
  });
}

/**
 * Asks for what {@link toHash} reads. The version first: when the job is edited in between, its new definition comes with
 * the old version, and whoever edits that is refused. The other way round, the edit in between would be lost.
 */
function readCommands({ prefix }: RedisLink, id: string): Command[] {
  return [
    ['HGETALL', `${prefix}j:${id}`],
    ['GET', `${prefix}d:${id}`],
  ];
}

function toHash(id: JobId, stored: unknown, state: unknown): JobHash | null {
  const text = textOrNull(stored);
  return text === null ? null : toJobHash(id, text, fieldsOf(state) ?? {});
}

async function summaries(link: RedisLink, seqs: readonly number[]): Promise<Map<number, Fields>> {
  if (seqs.length === 0) return new Map();
  const replies = await link.read(seqs.map((seq) => ['HMGET', `${link.prefix}r:${seq}`, ...SUMMARY_FIELDS]));
  return new Map(seqs.flatMap((seq, index) => summaryEntry(seq, list(replies[index]))));
}

function summaryEntry(seq: number, values: readonly unknown[]): [number, Fields][] {
  const given = SUMMARY_FIELDS.flatMap((field, index) => {
    const value = textOrNull(values[index]);
    return value === null ? [] : [[field, value] as const];
  });
  return given.length === 0 ? [] : [[seq, Object.fromEntries(given)]];
}

/** Entries of the stream `jobs`: which job has which place. */
export function jobEntries(reply: unknown): { readonly seq: number; readonly id: JobId }[] {
  return list(reply).map((entry) => {
    const [place, fields] = list(entry);
    return { seq: Number(String(place).split('-')[0]), id: String(list(fields)[1]) as JobId };
  });
}
