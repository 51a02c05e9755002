import { describe, expect, test } from 'vitest';
import { parseComing, parseTime } from './parse-time.ts';
import { clockTime, fullTime, relative, stampTime } from './time.ts';

const now = Date.parse('2026-11-23T13:35:06Z');
const berlin = { now, zone: 'Europe/Berlin' };

describe('relative', () => {
  test.each([
    [4_000, 'in 4s'],
    [999, 'now'],
    [-999, 'now'],
    [-120_000, '2m ago'],
    [25_200_000, 'in 7h'],
  ])('%d ms from now is %s', (distance, words) => expect(relative(now + distance, now)).toBe(words));
});

test('a time on the reader’s day needs no date', () => {
  expect(clockTime(now + 4_000, berlin)).toBe('14:35:10');
  expect(clockTime(Date.parse('2026-11-24T01:00:00Z'), berlin)).toBe('2026-11-24 02:00:00');
});

test('whose day it is depends on the zone', () => {
  const late = Date.parse('2026-11-23T23:30:00Z');
  expect(clockTime(late, { now, zone: 'UTC' })).toBe('23:30:00');
  expect(clockTime(late, berlin)).toBe('2026-11-24 00:30:00');
});

test('a full time leaves nothing to guess', () => {
  expect(fullTime(Date.parse('2026-11-24T01:00:00Z'), berlin)).toBe('2026-11-24 02:00 Europe/Berlin (in 11h 25m)');
});

describe('parseTime', () => {
  test.each([
    ['2026-11-24T02:00:00Z', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24T03:00:00+01:00', '2026-11-24T02:00:00.000Z'],
    ['2026-11-24 02:00', '2026-11-24T01:00:00.000Z'],
    ['2026-11-24', '2026-11-23T23:00:00.000Z'],
    ['+90s', '2026-11-23T13:36:36.000Z'],
    // Does not exist there: the clock jumps from 02:00 to 03:00.
    ['2027-03-28 02:30', '2027-03-28T01:30:00.000Z'],
  ])('%s', (text, instant) => {
    expect(new Date(parseTime(text, 'Europe/Berlin', now) ?? 0).toISOString()).toBe(instant);
  });

  test.each(['', 'tomorrow', '+', '+soon', '25:00', '2026-13-01'])('%s is no point in time', (text) =>
    expect(parseTime(text, 'Europe/Berlin', now)).toBeNull(),
  );
});

describe('parseComing', () => {
  test.each([
    ['23:00', '2026-11-23T22:00:00.000Z'],
    ['14:35', '2026-11-24T13:35:00.000Z'],
    ['9:30', '2026-11-24T08:30:00.000Z'],
    ['14:35:07', '2026-11-23T13:35:07.000Z'],
    ['2020-01-01 10:00', '2020-01-01T09:00:00.000Z'],
    ['+90s', '2026-11-23T13:36:36.000Z'],
  ])('%s', (text, instant) => {
    expect(new Date(parseComing(text, 'Europe/Berlin', now) ?? 0).toISOString()).toBe(instant);
  });

  test.each(['25:00', '23:60', '23'])('%s is no point in time', (text) =>
    expect(parseComing(text, 'Europe/Berlin', now)).toBeNull(),
  );
});

test('the time of a line of a log', () => {
  expect(stampTime(now, 'Europe/Berlin')).toBe('2026-11-23T14:35:06.000+01:00');
  expect(stampTime(now, 'UTC')).toBe('2026-11-23T13:35:06.000Z');
});
