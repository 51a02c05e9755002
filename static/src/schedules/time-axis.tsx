/** The hours or days of a calendar, and where the present is: lines behind the rows. */
import type { JSX } from 'preact';
import { dayName, stepTime } from '../format/time.ts';
import { placed } from './calendar-row.tsx';
import { present } from './present.ts';
import { dateIn, dayStart, daysAfter, type CalendarSpan, type CalendarView } from './span.ts';

const HOUR = 3_600_000;
const STEP_HOURS = 3;
/** A line nearer to the end has no room for its words. */
const ROOM_MS = 2 * HOUR;

interface Props {
  readonly span: CalendarSpan;
  readonly view: CalendarView;
  readonly zone: string;
}

export function TimeAxis({ span, view, zone }: Props): JSX.Element {
  const at = present.value;
  return (
    <div class="cal-axis" aria-hidden="true">
      {(view === 'week' ? daysOf(span, zone) : hoursOf(span, zone)).map((tick) => (
        <span key={tick} class="cal-tick" style={{ left: placed({ from: tick, to: tick }, span).left }}>
          {span.until - tick < ROOM_MS ? '' : tickWords(tick, view, zone)}
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
const tickWords = (at: number, view: CalendarView, zone: string): string =>
  view === 'week' || stepTime(at, zone) === '00:00' ? dayName(at, zone) : stepTime(at, zone);

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
