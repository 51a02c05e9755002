/** What making one job and making many have in common. */
import { randomUUID } from 'node:crypto';
import { JobschedError } from '../errors.ts';
import { jobId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { Job, JobDefinition } from '../domain/job.ts';
import type { CreateJobResult, NewJob } from '../store/jobs.ts';
import { keyReused } from './idempotency.ts';
import { nextSlot } from './job-request.ts';
import type { Headers } from './reply.ts';

/** Says that an earlier request with the same key had done it. */
export const REPLAYED: Headers = { 'Idempotency-Replayed': 'true' };

/**
 * Random ids rather than ordered ones (UUID 7): people call a job without a name by the first characters of its id, and
 * the first eight of an ordered one are the same for a minute.
 */
export function toNewJob(definition: JobDefinition, now: Instant, idempotency: NewJob['idempotency']): NewJob {
  return { id: jobId(randomUUID()), definition, nextSlot: nextSlot(definition, now), idempotency };
}

/** @param at where the job stands in the request, with a dot behind it: `jobs[3].`, or nothing. */
export function madeJob(
  result: CreateJobResult,
  { name }: JobDefinition,
  key: string | null,
  at: string,
): { readonly job: Job; readonly replayed: boolean } | JobschedError {
  if (result.status === 'created') return { job: result.job, replayed: false };
  if (result.status === 'key_reused') return keyReused(key ?? '');
  if (result.by !== 'name') return { job: result.job, replayed: true };
  return new JobschedError('name_taken', `there is a job ${name ?? ''} already (${result.job.id})`, {
    field: `${at}name`,
    hint: 'Choose another name, or edit that job with PATCH.',
  });
}

export function jobHeaders(job: Job): Headers {
  return { ETag: `"${job.version}"`, Location: `/api/jobs/${job.id}` };
}
