/** `/schedules`: what ran and what will, by day or week, and where it overlaps. */
import type { JSX } from 'preact';
import { now } from '../clock.ts';
import { FilterBar, type FilterField } from '../filter/filter-bar.tsx';
import { withFilter, type Filter } from '../filter/filter.ts';
import { useFilter } from '../filter/use-filter.ts';
import { dayName } from '../format/time.ts';
import { Icon } from '../parts/icon.tsx';
import { PageTitle } from '../parts/page-title.tsx';
import { Problem } from '../parts/problem.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { useKeys } from '../shell/keys.ts';
import { shownZone } from '../zone.ts';
import { CalendarTable } from './calendar-table.tsx';
import { NoSchedules } from './no-schedules.tsx';
import { dateMoved, readDate, spanOf, type CalendarSpan, type CalendarView } from './span.ts';
import { useCalendar } from './use-calendar.ts';

const VIEWS = [
  { value: 'day', text: 'Day' },
  { value: 'week', text: 'Week' },
] as const;

const FIELDS: readonly FilterField[] = [
  { name: 'tag', text: 'Tag' },
  { name: 'queue', text: 'Queue' },
];

const KNOWN = ['view', 'date', 'q', 'tag', 'queue'];

export function SchedulesPage(): JSX.Element {
  const { filter: shown, change } = useFilter(KNOWN);
  const { view: _view, date: _date, ...filter } = shown;
  const view: CalendarView = shown['view'] === 'week' ? 'week' : 'day';
  const date = readDate(shown['date']);
  const zone = shownZone();
  const set = (name: string, value: string): void => change((before) => withFilter(before, name, value));
  const move = (by: number): void => set('date', dateMoved(view, date, by, zone, now.peek()));
  const look = (next: CalendarView): void => set('view', next === 'day' ? '' : next);
  useKeys({
    d: () => look('day'),
    w: () => look('week'),
    '[': () => move(-1),
    ']': () => move(1),
    '.': () => set('date', ''),
  });
  // With the present it goes on hour by hour.
  const span = spanOf(view, date, zone, now.value);
  return (
    <>
      <div class="page-head">
        <PageTitle title="Schedules" />
        <span class="cal-when number">{spanWords(span, zone)}</span>
        <div class="buttons">
          <Segmented legend="What is shown" choices={VIEWS} value={view} onChange={look} />
          <button
            type="button"
            class="icon-button"
            title={`The ${view} before ([)`}
            aria-label={`The ${view} before`}
            onClick={() => move(-1)}
          >
            <Icon name="left" />
          </button>
          <button
            type="button"
            title="Go with the present (.)"
            aria-pressed={date === null}
            onClick={() => set('date', '')}
          >
            Now
          </button>
          <button
            type="button"
            class="icon-button"
            title={`The next ${view} (])`}
            aria-label={`The next ${view}`}
            onClick={() => move(1)}
          >
            <Icon name="chevron" />
          </button>
        </div>
      </div>
      <FilterBar
        noun="schedules"
        placeholder="Name or command, tag:…, queue:…"
        states={[]}
        fields={FIELDS}
        filter={filter}
        change={change}
      />
      <Calendar key={`${span.since} ${span.until}`} {...{ span, view, zone, filter }} />
    </>
  );
}

interface Props {
  readonly span: CalendarSpan;
  readonly view: CalendarView;
  readonly zone: string;
  readonly filter: Filter;
}

function Calendar({ span, view, zone, filter }: Props): JSX.Element {
  const calendar = useCalendar(span, filter);
  const { entries, error } = calendar;
  if (entries === null) return error === null ? <Skeleton /> : <Problem error={error} />;
  if (entries.length === 0) return <NoSchedules filtered={Object.keys(filter).length > 0} />;
  return <CalendarTable {...{ calendar, entries, span, view, zone }} />;
}

function spanWords({ since, until }: CalendarSpan, zone: string): string {
  const [first, last] = [dayName(since, zone), dayName(until - 1, zone)];
  return `${first === last ? first : `${first} – ${last}`}, ${zone}`;
}
