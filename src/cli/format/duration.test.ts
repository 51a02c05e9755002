import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duration, nearestDuration, roughDuration } from './duration.ts';
import { parseSeconds } from './parse-duration.ts';

describe('duration', () => {
  test.each([
    [0, '<0.01s'],
    [10, '0.01s'],
    [43, '0.04s'],
    [999, '0.99s'],
    [1_000, '1.0s'],
    [9_999, '9.9s'],
    [41_000, '41s'],
    [200_000, '3m 20s'],
    [3_600_000, '1h'],
    [3_661_000, '1h 1m'],
    [111_600_000, '1d 7h'],
  ])('%d ms is %s', (length, words) => expect(duration(length)).toBe(words));
});

describe('roughDuration', () => {
  test.each([
    [4_900, '4s'],
    [200_000, '3m'],
    [25_200_000, '7h'],
    [111_600_000, '1d 7h'],
    [10 ** 10, '115d'],
  ])('%d ms is %s', (length, words) => expect(roughDuration(length)).toBe(words));
});

describe('nearestDuration', () => {
  test.each([
    [1_600, '2s'],
    [59_600, '1m'],
    [200_000, '3m'],
    [5_399_000, '1h 30m'],
    [32 * 86_400_000 + 50_000_000, '33d'],
  ])('%d ms is %s', (length, words) => expect(nearestDuration(length)).toBe(words));

  test('round numbers stay what they are for two seconds', () => {
    const rounds = fc.oneof(
      fc.integer({ min: 2, max: 59 }).map((count) => [count, 'm', 60_000] as const),
      fc.integer({ min: 1, max: 23 }).map((count) => [count, 'h', 3_600_000] as const),
      fc.integer({ min: 1, max: 400 }).map((count) => [count, 'd', 86_400_000] as const),
    );
    fc.assert(
      fc.property(rounds, fc.integer({ min: 0, max: 2_000 }), ([count, unit, size], passed) => {
        expect(nearestDuration(count * size - passed)).toBe(`${count}${unit}`);
      }),
    );
  });
});

describe('parseSeconds', () => {
  test.each([
    ['90', 90],
    ['90s', 90],
    ['5m', 300],
    ['1h30m', 5_400],
    ['1.5h', 5_400],
    ['250ms', 0.25],
    ['2d', 172_800],
    ['1w', 604_800],
    ['5 m', 300],
    ['1h 30m', 5_400],
  ])('%s is %d seconds', (text, seconds) => expect(parseSeconds(text)).toBe(seconds));

  test.each(['', 's', '-5', 'soon', '5  m', '5x', '5mo', ' ', '1 2 s', '1e3'])('%s is no length of time', (text) =>
    expect(parseSeconds(text)).toBeNull(),
  );

  test('reads back what duration writes, to the second unit that it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 10_000, max: 10 ** 10 }), (length) => {
        const read = (parseSeconds(duration(length).replaceAll(' ', '')) ?? -1) * 1_000;
        expect(read).toBeLessThanOrEqual(length);
        expect(length - read).toBeLessThan(Math.max(1_000, length / 10));
      }),
    );
  });
});
