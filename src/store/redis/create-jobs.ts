/** How a job comes to be, once. See lua/create-jobs.lua. */
import { jobId, runId, type JobId } from '../../domain/id.ts';
import type { Job } from '../../domain/job.ts';
import type { CreateJobResult, NewJob, SubmitRequest } from '../jobs.ts';
import { encodeWithFacts } from './facts.ts';
import { jobsById } from './find-jobs.ts';
import type { RedisLink } from './link.ts';
import { failure, list, tagged } from './reply.ts';
import type { Argument } from './scripts.ts';

export async function createJobs(
  link: RedisLink,
  jobs: readonly NewJob[],
  request: SubmitRequest | null,
): Promise<CreateJobResult[]> {
  const replies = list(
    await link.run('create-jobs', request?.key ?? '', request?.fingerprint ?? '', ...jobs.flatMap(toArguments)),
  );
  const existing = await existingJobs(link, jobs, replies);
  return jobs.map((wanted, index) => toResult(wanted, replies[index], existing));
}

export async function rememberRequest(
  link: RedisLink,
  { key, fingerprint }: SubmitRequest,
): Promise<'remembered' | 'key_reused'> {
  return (await link.run('remember-request', key, fingerprint)) === 'remembered' ? 'remembered' : 'key_reused';
}

function toArguments({ id, definition, nextSlot }: NewJob): Argument[] {
  const at = definition.type === 'once' ? definition.runAt : nextSlot;
  return [id, encodeWithFacts(definition), definition.name ?? '', at ?? ''];
}

/** Those that were there before, by id. */
async function existingJobs(
  link: RedisLink,
  jobs: readonly NewJob[],
  replies: readonly unknown[],
): Promise<Map<string, Job>> {
  const ids = jobs.flatMap(({ id }, index) => idOfExisting(id, replies[index]) ?? []);
  if (ids.length === 0) return new Map();
  const found = await jobsById(link, ids);
  return new Map(found.map((job) => [job.id, job]));
}

function idOfExisting(id: JobId, reply: unknown): JobId | null {
  const [tag, other] = tagged(reply);
  if (tag === 'id') return id;
  return tag === 'name' ? jobId(String(other)) : null;
}

function toResult(wanted: NewJob, reply: unknown, existing: ReadonlyMap<string, Job>): CreateJobResult {
  // Of a new job the engine's now; else, of the one that has the name, its id.
  const [tag, detail] = tagged(reply);
  const failed = failure(reply);
  if (failed !== null) throw failed;
  if (tag === 'key_reused') return { status: 'key_reused' };
  if (tag === 'created') return { status: 'created', job: newJob(wanted, Number(detail)) };
  const job = existing.get(tag === 'id' ? wanted.id : String(detail));
  if (job === undefined) throw new Error(`job ${wanted.id} is there, and cannot be read`);
  return { status: 'existing', by: tag === 'id' ? 'id' : 'name', job };
}

/** As it would be read. */
function newJob({ id, definition, nextSlot }: NewJob, now: number): Job {
  const made = { id, version: 1, definition, createdAt: now, updatedAt: now, lastSlot: null };
  if (definition.type === 'cron') {
    return { ...made, status: nextSlot === null ? 'finished' : 'scheduled', nextSlot, lastRun: null };
  }
  const first = {
    id: runId(id, 1),
    number: 1,
    status: 'pending',
    reason: null,
    startedAt: null,
    finishedAt: null,
  } as const;
  return { ...made, status: 'pending', nextSlot: null, lastRun: first };
}
