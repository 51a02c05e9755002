/** The hours or days of a calendar, and where the present is: lines behind the rows. */
import type { JSX } from 'preact';
import { dayName, stepTime } from '../format/time.ts';
import { placed } from './calendar-row.tsx';
import { present } from './present.ts';
import { dateIn, dayStart, daysAfter, type CalendarSpan, type CalendarView } from './span.ts';

const HOUR = 3_600_000;
const STEP_HOURS = 3;
/** A day's name needs the room of a whole step; a midnight that is nearer to the end is told as an hour. */
const DAY_NAME_MS = STEP_HOURS * HOUR;

interface Props {
  readonly span: CalendarSpan;
  readonly view: CalendarView;
  readonly zone: string;
}

export function TimeAxis({ span, view, zone }: Props): JSX.Element {
  const at = present.value;
  const ticks = view === 'week' ? daysOf(span, zone) : hoursOf(span, zone);
  return (
    <div class="cal-axis" aria-hidden="true">
      {ticks.map((tick, index) => (
        <span
          key={tick}
          class={`cal-tick ${index === ticks.length - 1 ? 'last' : ''}`}
          style={placed({ from: tick, to: ticks[index + 1] ?? span.until }, span)}
        >
          <span class="cal-words">
            <span>{tickWords(tick, view, { until: span.until, zone })}</span>
          </span>
        </span>
      ))}
      {at >= span.since && at < span.until && (
        <span class="cal-now" style={{ left: placed({ from: at, to: at }, span).left }}>
          now
        </span>
      )}
    </div>
  );
}

/** Midnight says which day begins. */
function tickWords(
  at: number,
  view: CalendarView,
  { until, zone }: { readonly until: number; readonly zone: string },
): string {
  const isNamed = view === 'week' || (stepTime(at, zone) === '00:00' && until - at >= DAY_NAME_MS);
  return isNamed ? dayName(at, zone) : stepTime(at, zone);
}

function daysOf({ since, until }: CalendarSpan, zone: string): readonly number[] {
  const days: number[] = [];
  for (let date = dateIn(since, zone); dayStart(date, zone) < until; date = daysAfter(date, 1)) {
    days.push(dayStart(date, zone));
  }
  return days;
}

/** Every third hour that the zone's clocks show, also where they change in between. */
function hoursOf({ since, until }: CalendarSpan, zone: string): readonly number[] {
  const hours = Array.from({ length: Math.ceil((until - since) / HOUR) }, (_, hour) => since + hour * HOUR);
  return hours.filter((at) => Number.parseInt(stepTime(at, zone), 10) % STEP_HOURS === 0);
}
