/** `POST /api/schedules/preview`: what a schedule means, before a job has it. */
import { previewSchedule } from '../../domain/schedule/preview.ts';
import { json } from '../reply/reply.ts';
import { route } from './route.ts';
import { previewBody, previewView, type PreviewBody, type PreviewView } from '../schema/preview.ts';
import { periodFaults } from '../job/rules.ts';
import { scheduleContext, scheduleFault, toScheduleSpec, type ScheduleContext } from '../job/schedule-spec.ts';
import { scheduleWords } from '../job/schedule-words.ts';
import { refusal, validate } from '../request/validate.ts';
import { toWireTime } from '../reply/wire-time.ts';

const DEFAULT_COUNT = 5;

export const previewSchedules = route({
  method: 'POST',
  path: '/api/schedules/preview',
  access: 'viewer',
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
    return json(200, preview(asked, await scheduleContext(app, [asked])));
  },
});

function preview(asked: PreviewBody, context: ScheduleContext): PreviewView {
  const faults = periodFaults(asked);
  if (faults.length > 0) throw refusal(faults);
  try {
    const spec = toScheduleSpec(asked, context);
    const slots = previewSchedule(spec, context.now, asked.count ?? DEFAULT_COUNT);
    return {
      schedule: asked.schedule,
      timezone: spec.timezone,
      words: scheduleWords(spec.schedule),
      slots: slots.map(({ slot, local, note }) => ({ at: toWireTime(slot), local, note })),
      notes: [...new Set(slots.flatMap(({ note }) => note ?? []))],
    };
  } catch (error) {
    throw refusal([scheduleFault(error)]);
  }
}
