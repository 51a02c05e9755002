/** Runs by the hour and the weekday at which they started, as the clocks of a zone show them. */
import type { RunView } from '../../../src/http/schema/run-view.ts';
import type { HeatCell } from '../charts/heat-map.tsx';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

interface Counted {
  runs: number;
  failed: number;
}

/** 7 × 24 cells, Monday first, all empty. */
export const newWeek = (): Counted[][] =>
  WEEKDAYS.map(() => Array.from({ length: 24 }, () => ({ runs: 0, failed: 0 })));

/** The cell of a moment. */
export function weekCell(week: readonly Counted[][], at: number, zone: string): Counted | undefined {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  return week[WEEKDAYS.indexOf(parts['weekday'] ?? '')]?.[Number(parts['hour'])];
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once each: making one takes longer than using it a hundred times. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const options = { weekday: 'short', hour: '2-digit', hourCycle: 'h23', timeZone: zone } as const;
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-GB', options);
  formats.set(zone, format);
  return format;
}

/** 7 × 24 cells, Monday first. */
export function weekOf(
  runs: readonly Pick<RunView, 'started_at' | 'status'>[],
  zone: string,
): readonly (readonly HeatCell[])[] {
  const week = newWeek();
  for (const { started_at: at, status } of runs) {
    const cell = at === null ? undefined : weekCell(week, Date.parse(at), zone);
    if (cell === undefined) continue;
    cell.runs++;
    if (status === 'failed') cell.failed++;
  }
  return week;
}
