/** How much there is when: starts in each hour, and how many run at once. */
import type { JSX } from 'preact';
import { number, plural } from '../format/size.ts';
import { dayName, stepTime } from '../format/time.ts';
import { loadOf, type Load } from './bars.ts';
import { placed } from './calendar-row.tsx';
import { present } from './present.ts';
import type { CalendarSpan, CalendarView } from './span.ts';
import { isDense, type Drawn, type Entry } from './use-calendar.ts';

const SHADES = 5;
const HOUR = 3_600_000;
const STEPS: Readonly<Record<CalendarView, number>> = { day: 96, week: 168 };
/** So many names are said; the others are counted. */
const NAMED = 4;

interface Props {
  readonly entries: readonly Entry[];
  readonly drawn: Drawn;
  readonly span: CalendarSpan;
  readonly view: CalendarView;
  readonly zone: string;
}

export function LoadStrips({ entries, drawn, span, view, zone }: Props): JSX.Element {
  const hours = sumHours(entries);
  const aside = entries.filter(isDense).length;
  const loads = loadOf(drawn.rows.value, span, STEPS[view]);
  const top = most(loads);
  const coming = most(loads.filter(({ at }) => at > present.value));
  const time = (at: number): string => (view === 'week' ? `${dayName(at, zone)} ` : '') + stepTime(at, zone);
  const words = (load: Load): string => `${loadWords(load)}, at ${time(load.at)}.`;
  const rest = coming === null || coming === top ? '' : ` Of what is to come: ${words(coming)}`;
  const about = top === null ? 'Nothing runs beside another.' : `Most at once: ${words(top)}${rest}`;
  return (
    <>
      <Starts hours={hours} aside={aside} span={span} time={time} />
      <div class="cal-row">
        <div class="cal-name">
          <span>At once</span>
          <span class="quiet">{top === null ? 'never more than one' : `${top.names.length} at most`}</span>
        </div>
        <div class="cal-line cal-load" role="img" aria-label={about}>
          {loads.map((load, step) => (
            <AtOnce key={step} load={load} most={top?.names.length ?? 1} step={step} steps={loads.length} time={time} />
          ))}
        </div>
      </div>
      <p class="cal-about">{about}</p>
    </>
  );
}

interface StartsProps {
  readonly hours: readonly number[];
  /** How many jobs are not counted. */
  readonly aside: number;
  readonly span: CalendarSpan;
  readonly time: (at: number) => string;
}

function Starts({ hours, aside, span, time }: StartsProps): JSX.Element {
  const all = hours.reduce((sum, count) => sum + count, 0);
  const most = Math.max(1, ...hours);
  return (
    <div class="cal-row">
      <div class="cal-name">
        <span>Starts an hour</span>
        <span class="quiet">
          {number(all)} in all{aside > 0 && `, ${plural(aside, 'constant job')} aside`}
        </span>
      </div>
      <div class="cal-line" role="img" aria-label={`${plural(all, 'start')}, at most ${number(most)} an hour`}>
        {hours.map((count, index) => {
          const from = span.since + index * HOUR;
          const shade = Math.ceil((SHADES * count) / most);
          return (
            <div
              key={from}
              class={`cal-hour heat-${shade}`}
              style={placed({ from, to: from + HOUR }, span)}
              title={`${time(from)}, ${plural(count, 'start')}`}
            />
          );
        })}
      </div>
    </div>
  );
}

interface AtOnceProps {
  readonly load: Load;
  readonly most: number;
  readonly step: number;
  readonly steps: number;
  readonly time: (at: number) => string;
}

function AtOnce({ load, most, step, steps, time }: AtOnceProps): JSX.Element | null {
  const count = load.names.length;
  if (count === 0) return null;
  return (
    <div
      class={count > 1 ? 'several' : ''}
      style={{ left: `${(100 * step) / steps}%`, width: `${100 / steps}%`, height: `${(100 * count) / most}%` }}
      title={`${time(load.at)}: ${loadWords(load)}`}
    />
  );
}

/** When most run at once; null when never more than one does. */
function most(loads: readonly Load[]): Load | null {
  return loads.reduce<Load | null>((top, load) => (load.names.length > (top?.names.length ?? 1) ? load : top), null);
}

/** `3: nightly-backup, report, reindex`. */
function loadWords({ names }: Load): string {
  const rest = names.length - NAMED;
  return `${names.length} (${names.slice(0, NAMED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''})`;
}

/** How many start in each hour, but for jobs that come all the time: beside every second, nothing else would be seen. */
export function sumHours(entries: readonly Entry[]): readonly number[] {
  const length = Math.max(0, ...entries.map(({ hours }) => hours.length));
  const counted = entries.filter((entry) => !isDense(entry));
  return Array.from({ length }, (_, hour) => counted.reduce((sum, { hours }) => sum + (hours[hour] ?? 0), 0));
}
