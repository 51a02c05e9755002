import { expect, test } from 'vitest';
import { dateMoved, dayStart, readDate, spanOf } from './span.ts';

const iso = (at: number): string => new Date(at).toISOString();
const NOW = Date.parse('2026-11-24T01:30:00Z');

test.each([
  ['2026-11-24', 'Europe/Berlin', '2026-11-23T23:00:00.000Z'],
  ['2026-11-24', 'America/New_York', '2026-11-24T05:00:00.000Z'],
  // The day after clocks were put forward, and the day on which they are put back.
  ['2026-03-30', 'Europe/Berlin', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z'],
  // Midnight that does not exist.
  ['2026-09-06', 'America/Santiago', '2026-09-06T04:00:00.000Z'],
])('%s in %s begins at %s', (date, zone, start) => {
  expect(iso(dayStart(date, zone))).toBe(start);
});

test('without a date, a day goes from last evening into the next night, and a week from yesterday on', () => {
  const day = spanOf('day', null, 'Europe/Berlin', NOW);
  expect([iso(day.since), iso(day.until)]).toEqual(['2026-11-23T19:00:00.000Z', '2026-11-24T19:00:00.000Z']);
  const week = spanOf('week', null, 'Europe/Berlin', NOW);
  expect([iso(week.since), iso(week.until)]).toEqual(['2026-11-22T23:00:00.000Z', '2026-11-29T23:00:00.000Z']);
});

test('a day in which the clocks change has another length', () => {
  const { since, until } = spanOf('day', '2026-10-25', 'Europe/Berlin', NOW);
  expect((until - since) / 3_600_000).toBe(25);
});

test('one goes on and back by what is shown', () => {
  expect(dateMoved('day', null, 1, 'Europe/Berlin', NOW)).toBe('2026-11-25');
  expect(dateMoved('day', '2026-03-01', -1, 'UTC', NOW)).toBe('2026-02-28');
  expect(dateMoved('week', '2026-11-24', 1, 'UTC', NOW)).toBe('2026-12-01');
  expect([readDate('2026-11-24'), readDate('2026-99-24'), readDate('tomorrow'), readDate(undefined)]).toEqual([
    '2026-11-24',
    null,
    null,
    null,
  ]);
});
