/** What a job's row shows: runs that were, as long as they took, and those to come, as long as they usually take. */
import type { RunView } from '../../../src/http/schema/run-view.ts';
import type { CalendarSpan } from './span.ts';

export interface Bar {
  readonly from: number;
  readonly to: number;
  /** Null for what is to come. */
  readonly run: Pick<RunView, 'id' | 'number' | 'status'> | null;
  /** Whether it begins before the one before it has ended. */
  readonly overlaps: boolean;
}

type Told = Pick<RunView, 'id' | 'number' | 'status' | 'started_at' | 'finished_at' | 'scheduled_for'>;
type Plain = Omit<Bar, 'overlaps'>;

interface Row {
  readonly runs: readonly Told[];
  /** RFC 3339. */
  readonly slots: readonly string[];
  /** How long a run usually takes, in milliseconds. */
  readonly usual: number;
}

/** In the order in which they begin. */
export function barsOf({ runs, slots, usual }: Row, { since, until }: CalendarSpan, now: number): readonly Bar[] {
  const been = runs.flatMap((run) => runBar(run, now));
  const coming = slots.flatMap((slot): Plain[] => {
    const from = Date.parse(slot);
    return from > now ? [{ from, to: from + usual, run: null }] : [];
  });
  const bars = [...been, ...coming].filter(({ from, to }) => to >= since && from < until);
  let end = -Infinity;
  return bars
    .toSorted((one, other) => one.from - other.from)
    .map(({ from, to, run }) => {
      const overlaps = from < end;
      end = Math.max(end, to);
      return { from, to, run, overlaps };
    });
}

function runBar(run: Told, now: number): Plain[] {
  const start = run.started_at ?? (run.status === 'skipped' ? run.scheduled_for : null);
  if (start === null) return [];
  const from = Date.parse(start);
  return [{ from, to: run.finished_at === null ? now : Math.max(from, Date.parse(run.finished_at)), run }];
}

/** How many run at once in a step of the span, and which, at the moment when there are most. */
export interface Load {
  readonly at: number;
  readonly names: readonly string[];
}

interface NamedBars {
  readonly name: string;
  readonly bars: readonly Bar[];
}

/** For each step. Skipped runs count for nothing. */
export function loadOf(rows: readonly NamedBars[], { since, until }: CalendarSpan, steps: number): readonly Load[] {
  const length = (until - since) / steps;
  const starts = Array.from({ length: steps }, (_, step) => ({ at: since + step * length, bar: null }));
  const begins = rows.flatMap(({ name, bars }) => beginsOf(name, bars));
  const loads: Load[] = starts.map(({ at }) => ({ at, names: [] }));
  let running: readonly { readonly name: string; readonly to: number }[] = [];
  for (const { at, bar } of [...begins, ...starts].toSorted((one, other) => one.at - other.at)) {
    running = running.filter(({ to }) => to > at);
    if (bar !== null) running = [...running, bar];
    const step = Math.floor((at - since) / length);
    if (running.length > (loads[step]?.names.length ?? Infinity)) {
      loads[step] = { at, names: running.map(({ name }) => name) };
    }
  }
  return loads;
}

const beginsOf = (name: string, bars: readonly Bar[]): { at: number; bar: { name: string; to: number } }[] =>
  bars.flatMap(({ from, to, run }) =>
    run?.status === 'skipped' ? [] : [{ at: from, bar: { name, to: Math.max(to, from + 1) } }],
  );
