/** The rows of a calendar: first what comes soonest, then what comes all the time; what does not come at all is only named. */
import type { JSX } from 'preact';
import { HeatMap } from '../charts/heat-map.tsx';
import { plural } from '../format/size.ts';
import { jobName } from '../jobs/job-columns.tsx';
import { jobHref } from '../router.ts';
import { CalendarRow } from './calendar-row.tsx';
import { LoadStrips, sumHours } from './load-strips.tsx';
import { present } from './present.ts';
import type { CalendarSpan, CalendarView } from './span.ts';
import { TimeAxis } from './time-axis.tsx';
import { isDense, type Calendar, type Entry } from './use-calendar.ts';
import { weekOfHours } from './week-of-hours.ts';

const LEGEND = [
  ['is-succeeded', 'succeeded'],
  ['is-failed', 'failed'],
  ['is-running', 'running'],
  ['coming', 'to come, as long as usual'],
  ['coming overlaps', 'begins before the one before has ended'],
] as const;

interface Props {
  readonly calendar: Calendar;
  readonly entries: readonly Entry[];
  readonly span: CalendarSpan;
  readonly view: CalendarView;
  readonly zone: string;
}

export function CalendarTable({ calendar, entries, span, view, zone }: Props): JSX.Element {
  const at = present.value;
  const shown = entries
    .filter((entry) => hasSomething(entry, span))
    .toSorted((one, other) => order(one, at) - order(other, at));
  const absent = entries.filter((entry) => !hasSomething(entry, span));
  const { drawn } = calendar;
  return (
    <>
      <div class="cal">
        <TimeAxis span={span} view={view} zone={zone} />
        <LoadStrips {...{ entries, drawn, span, view, zone }} />
        <ul class="cal-rows" aria-label="Jobs">
          {shown.map((entry) => (
            <CalendarRow key={entry.job.id} {...{ entry, span, zone, drawn }} />
          ))}
        </ul>
      </div>
      <p class="cal-legend quiet" aria-hidden="true">
        {LEGEND.map(([key, words]) => (
          <span key={key}>
            <span class={`cal-key ${key}`} /> {words}
          </span>
        ))}
      </p>
      {absent.length > 0 && (
        <p class="cal-absent quiet">
          Not in this {view}:{' '}
          {absent.map(({ job }) => (
            <a key={job.id} href={jobHref(job.name ?? job.id)}>
              {jobName(job)}
              {job.status === 'paused' && ' (paused)'}
            </a>
          ))}
        </p>
      )}
      {calendar.more && (
        <button type="button" onClick={calendar.showMore}>
          Show more
        </button>
      )}
      {view === 'week' && (
        <div class="cal-week">
          <HeatMap
            title="Starts by weekday and hour"
            about={`${plural(entries.length, 'schedule')}, ${zone}`}
            cells={weekOfHours(sumHours(entries), span.since, zone)}
          />
        </div>
      )}
    </>
  );
}

/** A slot, or a run that may have been in it. */
function hasSomething({ job, hours }: Entry, { since }: CalendarSpan): boolean {
  const lastStart = job.last_run?.started_at ?? null;
  return hours.some((count) => count > 0) || (lastStart !== null && Date.parse(lastStart) >= since);
}

/** By when it comes next; what comes all the time, and what only was, at the end. */
function order(entry: Entry, at: number): number {
  if (isDense(entry)) return Number.MAX_SAFE_INTEGER;
  const next = entry.slots.find((slot) => Date.parse(slot) > at);
  return next === undefined ? Number.MAX_SAFE_INTEGER - 1 : Date.parse(next);
}
