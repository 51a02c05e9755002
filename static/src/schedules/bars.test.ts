import { expect, test } from 'vitest';
import { barsOf, loadOf, type Bar } from './bars.ts';

const HOUR = 3_600_000;
const SPAN = { since: 0, until: 24 * HOUR };
const time = (hours: number): string => new Date(hours * HOUR).toISOString();
const run = (number: number, from: number | null, to: number | null, status: 'succeeded' | 'running' | 'skipped') => ({
  id: `j.${number}`,
  number,
  status,
  started_at: from === null ? null : time(from),
  finished_at: to === null ? null : time(to),
  scheduled_for: time(from ?? 5),
});

test('what has been stands as it was, and what comes after now as it usually is', () => {
  const runs = [run(3, 11, null, 'running'), run(2, null, null, 'skipped'), run(1, 2, 3, 'succeeded')];
  const bars = barsOf({ runs, slots: [time(2), time(13), time(14)], usual: 1.5 * HOUR }, SPAN, 12 * HOUR);
  expect(bars.map(({ from, to, run: of, overlaps }) => [from / HOUR, to / HOUR, of?.number ?? null, overlaps])).toEqual(
    [
      [2, 3, 1, false],
      [5, 12, 2, false],
      [11, 12, 3, true],
      [13, 14.5, null, false],
      [14, 15.5, null, true],
    ],
  );
});

const bar = (from: number, to: number): Bar => ({ from: from * HOUR, to: to * HOUR, run: null, overlaps: false });

test('how many run at once is what is true at one moment, not within a step', () => {
  const rows = [
    { name: 'a', bars: [bar(1.1, 1.2), bar(2, 5)] },
    { name: 'b', bars: [bar(1.3, 1.4), bar(3.5, 3.6)] },
    { name: 'c', bars: [bar(3.5, 8)] },
  ];
  const loads = loadOf(rows, SPAN, 24);
  expect(loads.slice(0, 9).map(({ names }) => names.join(''))).toEqual(['', 'a', 'a', 'abc', 'ac', 'c', 'c', 'c', '']);
  expect(loads[3]?.at).toBe(3.5 * HOUR);
});
