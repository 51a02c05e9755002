/** Counts of hours that follow each other, by the weekday and the hour that a zone's clocks show. */
import { weekCell, newWeek } from '../job/week.ts';
import type { HeatCell } from '../charts/heat-map.tsx';

const HOUR = 3_600_000;

/** 7 × 24 cells, Monday first. */
export function weekOfHours(hours: readonly number[], since: number, zone: string): readonly (readonly HeatCell[])[] {
  const cells = newWeek();
  for (const [index, count] of hours.entries()) {
    const cell = weekCell(cells, since + index * HOUR, zone);
    if (cell !== undefined) cell.runs += count;
  }
  return cells;
}
