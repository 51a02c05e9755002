import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BEYOND, bucketOf, DURATION_BOUNDS, LATENESS_BOUNDS, quantile } from './spread.ts';

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

test('a quantile lies in the bucket that holds its share', () => {
  const bounds = [10, 100, 1_000];
  expect(quantile(bounds, [0, 0, 0, 0], 0.5)).toBeNull();
  expect(quantile(bounds, [10, 0, 0, 0], 0.5)).toBe(5);
  expect(quantile(bounds, [5, 5, 0, 0], 0.5)).toBe(10);
  expect(quantile(bounds, [0, 0, 4, 0], 0.25)).toBe(325);
  expect(quantile(bounds, [1, 0, 0, 9], 0.95)).toBe(1_000);
});

test('a quantile rises with its share', () => {
  const counts = fc.array(fc.nat(50), { minLength: DURATION_BOUNDS.length + 1, maxLength: DURATION_BOUNDS.length + 1 });
  fc.assert(
    fc.property(counts, fc.double({ min: 0.01, max: 1, noNaN: true }), (all, share) => {
      const [lower, upper] = [quantile(DURATION_BOUNDS, all, share / 2), quantile(DURATION_BOUNDS, all, share)];
      expect(lower ?? 0).toBeLessThanOrEqual(upper ?? 0);
    }),
  );
});
