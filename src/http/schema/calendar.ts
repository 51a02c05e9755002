/** `GET /api/schedules/calendar`: what comes when. */
import { z } from 'zod';
import { jobView } from './job-view.ts';
import { count, time } from './scalar.ts';

export const calendarView = z
  .strictObject({
    since: time.describe('From when on.'),
    until: time.describe('Until when, not included.'),
    jobs: z
      .array(
        z.strictObject({
          job: jobView,
          slots: z
            .array(time)
            .describe('Its slots between, also those that have been. Empty when there are more than 200.'),
          hours: z
            .array(count)
            .describe('How many slots there are in each hour from `since` on; reckoned where they are more than 60.'),
        }),
      )
      .describe('Jobs on a schedule, newest first. A paused one has no slots.'),
    next_cursor: z.string().nullable().describe('Give it as `cursor` to read on. Null: this was the last page.'),
  })
  .meta({ id: 'Calendar', description: 'What comes when.' });
export type CalendarView = z.infer<typeof calendarView>;
