import { expect, test } from 'vitest';
import { ago, duration, until, wholeSeconds } from './duration.ts';
import { plural, size } from './size.ts';
import { zonedTime } from './time.ts';

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [4_290, '4.2 s'],
  [59_999, '59 s'],
  [185_000, '3 m 05 s'],
  [7_800_000, '2 h 10 m'],
  [273_600_000, '3 d 4 h'],
])('%i ms took %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

test('how long until, since, and in whole seconds', () => {
  expect([until(5_000, 1_000), until(1_000, 5_000), ago(1_000, 5_900), ago(0, 500)]).toEqual([
    'in 4 s',
    'now',
    '4 s ago',
    'just now',
  ]);
  expect([ago(0, 8_400_000), wholeSeconds(500)]).toEqual(['2 h ago', '0 s']);
});

test.each([
  [0, '0 B'],
  [1_023, '1023 B'],
  [1_536, '1.5 KB'],
  [10 * 2 ** 20, '10.0 MB'],
])('%i bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text);
});

test('one is no plural', () => {
  expect([plural(1, 'line'), plural(1_312, 'line')]).toEqual(['1 line', '1,312 lines']);
});

test('a zone’s own clock is read, and the day is said when it changes', () => {
  const late = '2026-11-24T23:00:00+01:00';
  expect([
    zonedTime(late, null),
    zonedTime('2026-11-24T23:30:00+01:00', late),
    zonedTime('2026-11-25T00:00:00+01:00', late),
  ]).toEqual(['Tue 24 Nov 23:00:00', '23:30:00', 'Wed 25 Nov 00:00:00']);
});
