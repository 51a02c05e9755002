/** What making one job and making many have in common. */
import { randomUUID } from 'node:crypto';
import { JobschedError } from '../errors.ts';
import { jobId } from '../domain/id.ts';
import type { Instant } from '../domain/instant.ts';
import type { Job, JobDefinition } from '../domain/job.ts';
import type { CreateJobResult, NewJob } from '../store/jobs.ts';
import { keyReused } from './idempotency.ts';
import type { DefinitionContext } from './job-definition.ts';
import { judgeJob, nextSlot } from './job-request.ts';
import type { Headers } from './reply.ts';
import type { Judged } from './validate.ts';

export interface Judgement {
  readonly definition: JobDefinition;
  /** The first of a cron job; null for a once job. */
  readonly slot: Instant | null;
}

/** As {@link judgeJob}, and refuses a schedule that has ended before it began. */
export function judgeNewJob(value: unknown, context: DefinitionContext, at = ''): Judged<Judgement> {
  const judged = judgeJob(value, context, at);
  if (!judged.ok) return judged;
  const definition = judged.value;
  const slot = nextSlot(definition, context.now);
  if (definition.type === 'once' || slot !== null) return { ok: true, value: { definition, slot } };
  const field = at === '' ? 'ends_at' : `${at}.ends_at`;
  return { ok: false, faults: [{ code: 'invalid_schedule', field, message: 'leaves no slot that is still to come' }] };
}

/** Says that an earlier request with the same key had done it. */
export const REPLAYED: Headers = { 'Idempotency-Replayed': 'true' };

/**
 * Random ids rather than ordered ones (UUID 7): people call a job without a name by the first characters of its id, and
 * the first eight of an ordered one are the same for a minute.
 */
export function toNewJob({ definition, slot }: Judgement, idempotency: NewJob['idempotency']): NewJob {
  return { id: jobId(randomUUID()), definition, nextSlot: slot, idempotency };
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
