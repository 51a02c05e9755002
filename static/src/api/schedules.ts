/** What the page asks about schedules: of jobs, and such that no job has yet. */
import type { CalendarView } from '../../../src/http/schema/calendar.ts';
import type { PreviewView } from '../../../src/http/schema/preview.ts';
import type { Filter } from '../filter/filter.ts';
import { request } from './request.ts';

export interface PreviewQuery {
  readonly schedule: string;
  /** Empty: the server's. */
  readonly timezone: string;
  readonly startsAt?: string | null;
  readonly endsAt?: string | null;
  readonly count: number;
}

/** When it would come, by the parser that will fire it: never ours. */
export function previewSchedule(query: PreviewQuery, signal: AbortSignal): Promise<PreviewView> {
  const { schedule, count } = query;
  const body = {
    schedule,
    timezone: query.timezone || null,
    starts_at: query.startsAt ?? null,
    ends_at: query.endsAt ?? null,
    count,
  };
  return request('POST', 'api/schedules/preview', { body, signal });
}

/** What comes when: a page of schedules with their slots between two times. */
export function getCalendar(
  span: { readonly since: number; readonly until: number },
  filter: Filter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<CalendarView> {
  const [since, until] = [new Date(span.since).toISOString(), new Date(span.until).toISOString()];
  const search = new URLSearchParams({ ...filter, since, until, ...(cursor !== null && { cursor }) });
  return request('GET', `api/schedules/calendar?${search}`, { signal });
}
