import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEYOND, bucketOf, DURATION_BOUNDS, LATENESS_BOUNDS } from './spread.ts';

test.each([LATENESS_BOUNDS, DURATION_BOUNDS])('bounds rise: %j', (...bounds) => {
  expect(bounds).toEqual(bounds.toSorted((a, b) => a - b));
  expect(new Set(bounds).size).toBe(bounds.length);
});

test('a length lies in the first bucket that holds it', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (length) => {
      const bucket = bucketOf(LATENESS_BOUNDS, length);
      const below = LATENESS_BOUNDS.filter((bound) => length > bound);
      if (bucket === BEYOND) expect(below).toHaveLength(LATENESS_BOUNDS.length);
      else expect(LATENESS_BOUNDS[below.length]).toBe(Number(bucket));
    }),
  );
});
