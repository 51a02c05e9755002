/** Schedules as requests have them: read in one way for a job that is made, one that is edited, and a preview. */
import { SECOND, type Instant } from '../../domain/instant.ts';
import type { ScheduleSpec } from '../../domain/schedule/schedule.ts';
import { resolveTimeZone } from '../../domain/schedule/time-zone-name.ts';
import { JobschedError } from '../../errors.ts';
import type { NewJobBody } from '../schema/job-body.ts';
import type { Fault } from '../request/validate.ts';
import { fromWireTimeOrNull } from '../reply/wire-time.ts';
import type { App } from '../app.ts';

/** The fields that make a schedule, of any body that has them. */
export type ScheduleFields = Partial<Pick<NewJobBody, 'schedule' | 'timezone' | 'starts_at' | 'ends_at'>>;

export interface ScheduleContext {
  /** The engine's, as everywhere: this host's clock may be wrong. */
  readonly now: Instant;
  /** Of a schedule that names none. */
  readonly timezone: string;
}

/** For bodies of which at least one has a schedule, the engine is asked for its time; for others that means nothing. */
export async function scheduleContext(
  { store, timezone }: Pick<App, 'store' | 'timezone'>,
  bodies: readonly unknown[],
): Promise<ScheduleContext> {
  return { now: bodies.some(hasSchedule) ? await store.now() : 0, timezone };
}

function hasSchedule(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'schedule' in body;
}

/** @throws JobschedError `invalid_schedule` for an unknown time zone. */
export function toScheduleSpec(fields: ScheduleFields, { now, timezone }: ScheduleContext): ScheduleSpec {
  const startsAt = fromWireTimeOrNull(fields.starts_at);
  return {
    schedule: (fields.schedule ?? '').trim(),
    timezone: resolveTimeZone(fields.timezone ?? timezone),
    anchor: startsAt ?? Math.floor(now / SECOND) * SECOND,
    startsAt,
    endsAt: fromWireTimeOrNull(fields.ends_at),
  };
}

/** @throws what is no fault of the schedule's. */
export function scheduleFault(error: unknown): Fault {
  if (!(error instanceof JobschedError) || error.code !== 'invalid_schedule') throw error;
  const { message, hint, field } = error;
  return { code: 'invalid_schedule', field: field ?? 'schedule', message, ...(hint !== null && { hint }) };
}
