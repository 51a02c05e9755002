/** `POST /api/schedules/preview`: what a schedule means, before a job has it. */
import { SECOND, type Instant } from '../../domain/instant.ts';
import { previewSchedule } from '../../domain/schedule/preview.ts';
import type { ScheduleSpec } from '../../domain/schedule/schedule.ts';
import { resolveTimeZone } from '../../domain/schedule/time-zone-name.ts';
import { JobschedError } from '../../errors.ts';
import { json } from '../reply.ts';
import { route } from '../route.ts';
import { previewBody, previewView, type PreviewBody, type PreviewView } from '../schema/preview.ts';
import { scheduleWords } from '../schedule-words.ts';
import { fault, refusal, validate } from '../validate.ts';
import { fromWireTimeOrNull, toWireTime } from '../wire-time.ts';

const DEFAULT_COUNT = 5;

export const previewSchedules = route({
  method: 'POST',
  path: '/api/schedules/preview',
  doc: {
    id: 'previewSchedule',
    tag: 'schedules',
    summary: 'Look at a schedule',
    description: 'The next times of a schedule, in words as well, with what changes of the clock do to them.',
    responses: { 200: { description: 'What it means.', schema: previewView } },
    errors: ['invalid_request', 'invalid_schedule'],
  },
  body: { schemas: [previewBody], required: true },
  handle: async ({ app, body }) => {
    const asked = validate(previewBody, body);
    return json(200, preview(asked, app.clock.now(), app.timezone));
  },
});

function preview(asked: PreviewBody, now: Instant, serverZone: string): PreviewView {
  try {
    const spec = toSpec(asked, now, serverZone);
    const slots = previewSchedule(spec, now, asked.count ?? DEFAULT_COUNT);
    return {
      schedule: asked.schedule,
      timezone: spec.timezone,
      words: scheduleWords(spec.schedule),
      slots: slots.map(({ slot, local, note }) => ({ at: toWireTime(slot), local, note })),
      notes: [...new Set(slots.flatMap(({ note }) => note ?? []))],
    };
  } catch (error) {
    throw asRefusal(error);
  }
}

function toSpec(asked: PreviewBody, now: Instant, serverZone: string): ScheduleSpec {
  const startsAt = fromWireTimeOrNull(asked.starts_at);
  const endsAt = fromWireTimeOrNull(asked.ends_at);
  if (startsAt !== null && endsAt !== null && startsAt >= endsAt) {
    throw refusal([fault('ends_at', 'must be after starts_at')]);
  }
  return {
    schedule: asked.schedule.trim(),
    timezone: resolveTimeZone(asked.timezone ?? serverZone),
    anchor: startsAt ?? Math.floor(now / SECOND) * SECOND,
    startsAt,
    endsAt,
  };
}

/** The same form as for a job with such a schedule. */
function asRefusal(error: unknown): unknown {
  if (!(error instanceof JobschedError) || error.code !== 'invalid_schedule') return error;
  const { message, hint, field } = error;
  return refusal([{ code: 'invalid_schedule', field: field ?? 'schedule', message, ...(hint !== null && { hint }) }]);
}
