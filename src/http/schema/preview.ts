/** `POST /api/schedules/preview`: when a schedule would come. */
import { z } from 'zod';
import { scheduleText, timezoneName } from './job-fields.ts';
import { time, timeGiven } from './scalar.ts';

export const previewBody = z
  .strictObject({
    schedule: scheduleText.min(1).describe('The schedule, as a job would have it.'),
    timezone: timezoneName.nullish().describe("IANA name of its zone. Default: the server's."),
    starts_at: timeGiven.nullish().describe('No slot before this; `@every` counts from it. Default: now.'),
    ends_at: timeGiven.nullish().describe('No slot at or after this.'),
    count: z.int().min(1).max(100).nullish().meta({ description: 'How many slots. 1 to 100.', default: 5 }),
  })
  .meta({ id: 'SchedulePreviewRequest', description: 'A schedule to be looked at.' });
export type PreviewBody = z.input<typeof previewBody>;

export const previewSlot = z
  .strictObject({
    at: time.describe('The slot.'),
    local: z
      .string()
      .describe("The same in the schedule's zone, with its offset.")
      .meta({ examples: ['2026-11-24T02:00:00+01:00'] }),
    note: z.string().nullable().describe('What the change to or from summer time does to it. Null for nearly all.'),
  })
  .meta({ id: 'PreviewSlot', description: 'One slot of a schedule.' });

export const previewView = z
  .strictObject({
    schedule: z.string().describe('As it was given.'),
    timezone: timezoneName.describe('The zone it was read in.'),
    words: z
      .string()
      .describe('The schedule in English.')
      .meta({ examples: ['At 02:00 AM'] }),
    slots: z.array(previewSlot).describe('The next ones, soonest first. Fewer than asked when it ends.'),
    notes: z.array(z.string()).describe('What is good to know about it: how changes of the clock are dealt with.'),
  })
  .meta({ id: 'SchedulePreview', description: 'What a schedule means.' });
export type PreviewView = z.infer<typeof previewView>;
