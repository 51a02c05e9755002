/** What the page asks about schedules that no job has yet. */
import type { PreviewView } from '../../../src/http/schema/preview.ts';
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
