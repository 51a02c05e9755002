/** `GET /api/schedules/calendar`: the slots of all schedules in a span. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { DAY, type Instant } from '../../domain/instant.ts';
import type { Job } from '../../domain/job.ts';
import { toJobFilter } from '../job/filter.ts';
import { slotsBetween, type SlotsBetween, type Span } from '../job/slots-between.ts';
import { seenBy, toJobView } from '../job/view.ts';
import { json } from '../reply/reply.ts';
import { fromWireTime, toWireTime } from '../reply/wire-time.ts';
import { fault, refusal } from '../request/validate.ts';
import { calendarView, type CalendarView } from '../schema/calendar.ts';
import { calendarQuery, type CalendarQuery } from '../schema/query.ts';
import { DEFAULT_LIMIT } from './jobs.ts';
import { route } from './route.ts';

const LONGEST = 8 * DAY;

export const getCalendar = route({
  method: 'GET',
  path: '/api/schedules/calendar',
  access: 'viewer',
  doc: {
    id: 'getCalendar',
    tag: 'schedules',
    summary: 'See what comes when',
    description: 'The slots of all jobs on a schedule between two times, a page of jobs at a time.',
    responses: { 200: { description: 'The jobs and their slots.', schema: calendarView } },
    errors: ['invalid_request'],
  },
  query: calendarQuery,
  handle: async ({ app, caller, query, requireListener }) => {
    const { since, until, limit = DEFAULT_LIMIT, cursor = null, ...filter } = query;
    const now = await app.store.now();
    const span = spanOf({ since, until }, now);
    const page = await app.store.listJobs(toJobFilter({ ...filter, type: 'cron' }), limit, cursor);
    const jobs: CalendarView['jobs'] = [];
    for (const job of page.rows) {
      const { slots, hours } = slotsOf(job, span);
      jobs.push({ job: seenBy(caller, toJobView(job, now)), slots: slots.map(toWireTime), hours: [...hours] });
      // A week of one of every second takes some milliseconds where the clock is changed in it.
      await nextTurn();
      requireListener();
    }
    const [from, to] = [toWireTime(span.since), toWireTime(span.until)];
    return json(200, { since: from, until: to, jobs, next_cursor: page.next } satisfies CalendarView);
  },
});

function spanOf(asked: Pick<CalendarQuery, 'since' | 'until'>, now: Instant): Span {
  const since = asked.since === undefined ? now : fromWireTime(asked.since);
  const until = asked.until === undefined ? since + DAY : fromWireTime(asked.until);
  if (since >= until) throw refusal([fault('since', 'must be before until')]);
  if (until - since > LONGEST) throw refusal([fault('until', 'must be at most 8 days after since')]);
  return { since, until };
}

/** What is paused has none to come, and nobody remembers how long it has been. */
function slotsOf({ definition, status, createdAt }: Job, span: Span): SlotsBetween {
  if (definition.type === 'once' || status === 'paused') return { slots: [], hours: [] };
  return slotsBetween(definition, span, createdAt);
}
