/** Runs by the hour and the weekday at which they started, as the clocks of a zone show them. */
import type { RunView } from '../../../src/http/schema/run-view.ts';
import type { HeatCell } from '../charts/heat-map.tsx';

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** 7 × 24 cells, Monday first. */
export function weekOf(
  runs: readonly Pick<RunView, 'started_at' | 'status'>[],
  zone: string,
): readonly (readonly HeatCell[])[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
    timeZone: zone,
  });
  const cells = WEEKDAYS.map(() => Array.from({ length: 24 }, () => ({ runs: 0, failed: 0 })));
  for (const { started_at: at, status } of runs) {
    if (at === null) continue;
    const parts = Object.fromEntries(format.formatToParts(Date.parse(at)).map(({ type, value }) => [type, value]));
    const cell = cells[WEEKDAYS.indexOf(parts['weekday'] ?? '')]?.[Number(parts['hour'])];
    if (cell === undefined) continue;
    cell.runs++;
    if (status === 'failed') cell.failed++;
  }
  return cells;
}
