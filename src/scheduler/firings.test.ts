import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jobId } from '../domain/id.ts';
import type { Firing } from '../store/schedules.ts';
import { portionsOf } from './firings.ts';

const firing = (count: number): Firing => ({
  job: jobId(randomUUID()),
  version: 1,
  slot: 0,
  runs: Array.from({ length: count }, (_, slot) => ({ slot, readyAt: slot })),
  skipped: null,
  next: null,
});

const sizes = (portions: readonly Firing[][]): number[][] =>
  portions.map((portion) => portion.map(({ runs }) => runs.length));

test('firings of many runs come in several calls, and of few in one', () => {
  expect(sizes(portionsOf([]))).toEqual([]);
  expect(sizes(portionsOf([100, 100, 50, 100, 0, 1].map(firing)))).toEqual([
    [100, 100, 50],
    [100, 0, 1],
  ]);
  expect(portionsOf(Array.from({ length: 250 }, () => firing(1)))).toHaveLength(1);
});

test('none is left out, and none waits for nothing', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (counts) => {
      const firings = counts.map(firing);
      const portions = portionsOf(firings);
      expect(portions.flat()).toEqual(firings);
      const runs = sizes(portions).map((portion) => portion.reduce((sum, count) => sum + count, 0));
      for (const sum of runs) expect(sum).toBeLessThanOrEqual(250);
      for (const [at, portion] of portions.entries()) {
        if (at > 0) expect((runs[at - 1] ?? 0) + (portion[0]?.runs.length ?? 0)).toBeGreaterThan(250);
      }
    }),
  );
});
