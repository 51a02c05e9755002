/** How a job comes to be, once. See lua/create-jobs.lua. */
import { jobId, runId, type JobId } from '../../../domain/id.ts';
import type { Job } from '../../../domain/job.ts';
import { lateAt } from '../../../domain/late.ts';
import type { CreateJobResult, NewJob, SubmitRequest } from '../../jobs.ts';
import type { Answer } from '../link/batch.ts';
import { encodeWithFacts } from './facts.ts';
import { jobsById } from './find-jobs.ts';
import type { RedisLink } from '../link/link.ts';
import { failure, list, tagged } from '../link/reply.ts';
import type { Argument } from '../link/scripts.ts';

/** An error in place of what failed alone: the others are made. */
export async function createJobs(
  link: RedisLink,
  jobs: readonly NewJob[],
  request: SubmitRequest | null,
): Promise<Answer<CreateJobResult>[]> {
  const replies = list(
    await link.run('create-jobs', request?.key ?? '', request?.fingerprint ?? '', ...jobs.flatMap(toArguments)),
  );
  const existing = await existingJobs(link, jobs, replies);
  return jobs.map((wanted, index) => toAnswer(wanted, replies[index], existing));
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

/** Those that were there before, by id; why they cannot be read, which is no matter of those that were made. */
async function existingJobs(
  link: RedisLink,
  jobs: readonly NewJob[],
  replies: readonly unknown[],
): Promise<ReadonlyMap<string, Job> | Error> {
  const ids = jobs.flatMap(({ id }, index) => idOfExisting(id, replies[index]) ?? []);
  if (ids.length === 0) return new Map();
  try {
    const found = await jobsById(link, ids);
    return new Map(found.map((job) => [job.id, job]));
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
}

function idOfExisting(id: JobId, reply: unknown): JobId | null {
  if (typeof reply === 'number') return null;
  const [tag, other] = tagged(reply);
  if (tag === 'id') return id;
  return tag === 'name' ? jobId(String(other)) : null;
}

function toAnswer(wanted: NewJob, reply: unknown, existing: ReadonlyMap<string, Job> | Error): Answer<CreateJobResult> {
  if (typeof reply === 'number') return { status: 'created', job: newJob(wanted, reply) };
  // Of the one that has the name, its id.
  const [tag, detail] = tagged(reply);
  const failed = failure(reply);
  if (failed !== null) return failed;
  if (tag === 'key_reused') return { status: 'key_reused' };
  if (existing instanceof Error) return existing;
  const job = existing.get(tag === 'id' ? wanted.id : String(detail));
  if (job === undefined) return new Error(`job ${wanted.id} is there, and cannot be read`);
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
    contactLostAt: null,
    lateAt: lateAt(definition, definition.runAt ?? now),
  } as const;
  return { ...made, status: 'pending', nextSlot: null, lastRun: first };
}
