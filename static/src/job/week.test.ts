import { expect, test } from 'vitest';
import { weekOf } from './week.ts';

test('a run counts in the hour and weekday of the zone', () => {
  const runs = [
    { started_at: '2026-11-23T23:30:00Z', status: 'failed' },
    { started_at: '2026-11-23T23:59:59Z', status: 'succeeded' },
    { started_at: null, status: 'pending' },
  ] as const;
  expect(weekOf(runs, 'UTC')[0]?.[23]).toEqual({ runs: 2, failed: 1 });
  expect(weekOf(runs, 'Europe/Berlin')[1]?.[0]).toEqual({ runs: 2, failed: 1 });
  expect(
    weekOf(runs, 'UTC')
      .flat()
      .reduce((sum, cell) => sum + cell.runs, 0),
  ).toBe(2);
});
