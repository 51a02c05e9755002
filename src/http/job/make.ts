/** What making one job and making many have in common. */
import { JobschedError } from '../../errors.ts';
import type { JobId } from '../../domain/id.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Job, JobDefinition } from '../../domain/job.ts';
import type { CreateJobResult, NewJob } from '../../store/jobs.ts';
import type { Store } from '../../store/store.ts';
import { called } from '../audit/deeds.ts';
import { keyReused } from '../request/idempotency.ts';
import type { ScheduleContext } from './schedule-spec.ts';
import { judgeJob, nextSlot } from './judge.ts';
import type { Headers } from '../reply/reply.ts';
import type { ApiRequest } from '../routes/route.ts';
import type { Judged, Judging } from '../request/validate.ts';

export interface Judgement {
  readonly definition: JobDefinition;
  /** The first of a cron job; null for a once job. */
  readonly slot: Instant | null;
}

/** As {@link judgeJob}, and refuses a schedule that has ended before it began. */
export function judgeNewJob(value: unknown, context: ScheduleContext, judging: Judging = {}): Judged<Judgement> {
  const { at = '' } = judging;
  const judged = judgeJob(value, context, judging);
  if (!judged.ok) return judged;
  const definition = judged.value;
  const slot = nextSlot(definition, context.now);
  if (definition.type === 'once' || slot !== null) return { ok: true, value: { definition, slot } };
  const field = at === '' ? 'ends_at' : `${at}.ends_at`;
  const over = { code: 'invalid_schedule', field, message: 'leaves no slot that is still to come' } as const;
  return { ok: false, faults: [over], all: true };
}

/** Says that an earlier request with the same key had done it. */
export const REPLAYED: Headers = { 'Idempotency-Replayed': 'true' };

/** @param id random or derived: see `request/idempotency.ts`. */
export function toNewJob({ definition, slot }: Judgement, id: JobId): NewJob {
  return { id, definition, nextSlot: slot };
}

/** @param at where the job stands in the request, with a dot behind it: `jobs[3].`, or nothing. */
export function madeJob(
  result: CreateJobResult,
  { name }: JobDefinition,
  key: string | null,
  at: string,
): MadeJob | JobschedError {
  if (result.status === 'created') return { job: result.job, replayed: false };
  if (result.status === 'key_reused') return keyReused(key ?? '');
  if (result.by === 'id') return { job: result.job, replayed: true };
  return nameTaken(name ?? '', result.job.id, at);
}

/** @param by the job that has it; null: another of the same request. */
export function nameTaken(name: string, by: JobId | null, at: string): JobschedError {
  const message = `there is a job ${name} already (${by ?? 'in this request'})`;
  return new JobschedError('name_taken', message, {
    field: `${at}name`,
    hint: 'Choose another name, or edit that job with PATCH.',
  });
}

export interface MadeJob {
  readonly job: Job;
  /** Whether the same request had made it before. */
  readonly replayed: boolean;
}

export function tellMade({ deeds }: Pick<ApiRequest, 'deeds'>, { job, replayed }: MadeJob): void {
  if (!replayed) deeds.did(job.id, called(job.definition.name));
}

/**
 * The job that a replay had made, although it would be refused now: its `ends_at` may have passed meanwhile.
 *
 * @param id the one that it would have been given.
 */
export async function madeBefore(store: Pick<Store, 'findJob'>, id: JobId): Promise<MadeJob | null> {
  const found = await store.findJob(id);
  return found.status === 'found' && found.job.id === id ? { job: found.job, replayed: true } : null;
}

export function jobHeaders(job: Job): Headers {
  return { ETag: `"${job.version}"`, Location: `/api/jobs/${job.id}` };
}
