/** What a calendar knows: the schedules with their slots, and of each row what it has drawn. */
import { computed, signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { CalendarView as CalendarPage } from '../../../src/http/schema/calendar.ts';
import type { ApiError } from '../api/request.ts';
import { getCalendar } from '../api/schedules.ts';
import { filterSearch, type Filter } from '../filter/filter.ts';
import { jobName } from '../jobs/job-columns.tsx';
import { useResource } from '../resource.ts';
import type { Bar } from './bars.ts';
import type { CalendarSpan } from './span.ts';

export type Entry = CalendarPage['jobs'][number];

/** So often that its slots are not told one by one. */
export const isDense = ({ slots, hours }: Entry): boolean => slots.length === 0 && hours.some((count) => count > 0);

export interface Calendar {
  /** Null before the first answer. */
  readonly entries: readonly Entry[] | null;
  readonly error: ApiError | null;
  /** Whether there are more schedules than are shown. */
  readonly more: boolean;
  readonly showMore: () => void;
  readonly drawn: Drawn;
}

/** The bars of the rows, by their jobs: the rows fetch them, and the load is made of them. */
export class Drawn {
  readonly #bars = signal<ReadonlyMap<string, { readonly name: string; readonly bars: readonly Bar[] }>>(new Map());

  readonly rows = computed(() => [...this.#bars.value.values()]);

  set({ job }: Entry, bars: readonly Bar[]): void {
    this.#bars.value = new Map(this.#bars.peek()).set(job.id, { name: jobName(job), bars });
  }

  remove({ job }: Entry): void {
    const rest = new Map(this.#bars.peek());
    rest.delete(job.id);
    this.#bars.value = rest;
  }
}

const PAGE = 50;

export function useCalendar(span: CalendarSpan, filter: Filter): Calendar {
  const wanted = useSignal(PAGE);
  const key = `calendar ${span.since} ${span.until} ${filterSearch(filter)} ${wanted.value}`;
  const load = (signal: AbortSignal): Promise<CalendarPage> => loadPages(span, filter, wanted.peek(), signal);
  const resource = useResource(key, load, ({ kind }) => kind === 'job');
  const drawn = useMemo(() => new Drawn(), []);
  return {
    entries: resource.value.value?.jobs ?? null,
    error: resource.error.value,
    more: resource.value.value?.next_cursor != null,
    showMore: () => (wanted.value += PAGE),
    drawn,
  };
}

async function loadPages(
  span: CalendarSpan,
  filter: Filter,
  wanted: number,
  signal: AbortSignal,
): Promise<CalendarPage> {
  let page = await getCalendar(span, filter, null, signal);
  while (page.jobs.length < wanted && page.next_cursor !== null) {
    const next = await getCalendar(span, filter, page.next_cursor, signal);
    page = { ...next, jobs: [...page.jobs, ...next.jobs] };
  }
  return page;
}
