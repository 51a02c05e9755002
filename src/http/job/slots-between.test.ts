import { expect, test } from 'vitest';
import { HOUR } from '../../domain/instant.ts';
import { MOST_SLOTS, slotsBetween } from './slots-between.ts';

const DAY_START = Date.UTC(2026, 2, 28);
const between = (schedule: string, days = 1, timezone = 'UTC', created = 0): ReturnType<typeof slotsBetween> =>
  slotsBetween(
    { schedule, timezone, anchor: DAY_START, startsAt: null, endsAt: null },
    { since: DAY_START, until: DAY_START + days * 24 * HOUR },
    created,
  );

test('few slots are told one by one', () => {
  const { slots, hours } = between('0 2,14 * * *', 2);
  expect(slots.map((slot) => (slot - DAY_START) / HOUR)).toEqual([2, 14, 26, 38]);
  expect(hours).toHaveLength(48);
  expect(hours[2]).toBe(1);
});

test('none comes before there was the job', () => {
  const { slots, hours } = between('0 2,14 * * *', 1, 'UTC', DAY_START + 2 * HOUR);
  expect([slots, hours[2], hours[14]]).toEqual([[DAY_START + 14 * HOUR], 0, 1]);
});

test('of many each hour tells how many', () => {
  expect(between('* * 8-9 * * *')).toEqual({
    slots: [],
    hours: Array.from({ length: 24 }, (_, hour) => (hour === 8 || hour === 9 ? 3_600 : 0)),
  });
  expect(between('*/10 * * * *').hours).toEqual(Array.from({ length: 24 }, () => 6));
  expect(between('*/10 * * * *').slots).toHaveLength(144);
  expect(between('*/10 * * * *', 2).slots).toHaveLength(0);
  expect(MOST_SLOTS).toBe(200);
});

test('those that come in bursts are counted too', () => {
  expect(between('* 0,1 * * * *').hours).toEqual(Array.from({ length: 24 }, () => 120));
});

test('a fixed time that the clocks leave out comes when they go on', () => {
  const { slots } = between('30 2 * * *', 2, 'Europe/Berlin');
  expect(slots.map((slot) => new Date(slot).toISOString())).toEqual([
    '2026-03-28T01:30:00.000Z',
    '2026-03-29T01:00:00.000Z',
  ]);
});

test('a week of every second takes about as long as a week of every minute', () => {
  expect(between('* * * * * *', 7).hours).toEqual(Array.from({ length: 168 }, () => 3_600));
});
