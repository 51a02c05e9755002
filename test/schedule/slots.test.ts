/**
 * Slots against brute force, in all zones and around every time their clocks are put forward or back.
 *
 * Sampled in `npm test`; every change of every zone from 2000 to 2037 in `npm run test:long`.
 */
import { describe, expect, test } from 'vitest';
import { parseSchedule, type Schedule } from '../../src/domain/schedule/schedule.ts';
import { long } from '../support/long.ts';
import { Offsets, slotsByBruteForce, walk, type Walk } from './brute-force.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clocks that do what most do not: half an hour, two hours, at midnight, a day left out, in Ramadan, for good. */
const ODD_ZONES = [
  'Europe/Berlin',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Fakaofo',
  'Antarctica/Troll',
  'Antarctica/Casey',
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Havana',
  'America/Santiago',
  'America/Caracas',
  'America/New_York',
  'America/Goose_Bay',
  'America/St_Johns',
  'Asia/Gaza',
  'Asia/Pyongyang',
  'Asia/Tehran',
  'Asia/Kathmandu',
  'Europe/Dublin',
];

const all = Intl.supportedValuesOf('timeZone');
const zones = long ? all : [...ODD_ZONES, ...all.filter((_, index) => index % 30 === 7)];
const [firstYear, lastYear] = long ? [2000, 2037] : [2008, 2014];

const EVERYDAY = [
  '0 * * * * *',
  '0 0 * * * *',
  '0 15 * * * *',
  '0 30 */2 * * *',
  '0 0 */12 * * *',
  '0 0 0 * * *',
  '0 30 2 * * *',
  '0 0,30 1,2,3 * * *',
  '0 */20 0-4 * * *',
  '0 59 23 * * *',
];

/** A chain of `after` from just before the first instant to just before the last. */
function chain(schedule: Schedule, from: number, to: number): number[] {
  const slots: number[] = [];
  for (let slot = schedule.after(from - 1); slot !== null && slot < to; slot = schedule.after(slot)) slots.push(slot);
  return slots;
}

/** What brute force finds, asked for as a chain and then from instants between, also within gaps and repeats. */
function expectSame(expression: string, timezone: string, walked: Walk, since: number): void {
  const wanted = slotsByBruteForce(expression, walked, since);
  const schedule = parseSchedule({ schedule: expression, timezone, anchor: 0, startsAt: null, endsAt: null });
  expectEqual(chain(schedule, since, walked.to), wanted, `${expression} in ${timezone}`);
  const roll = dice(since / SECOND);
  for (let asked = 0; asked < 20; asked++) {
    const instant = since + roll(walked.to - since);
    const found = schedule.after(instant);
    const next = wanted.filter((slot) => slot > instant).slice(0, 1);
    // Beyond the walk nobody knows.
    expectEqual(
      found === null || found >= walked.to ? [] : [found],
      next,
      `${expression} in ${timezone} after ${instant}`,
    );
  }
}

/** As text, so that a difference shows in words. */
function expectEqual(found: number[], wanted: number[], what: string): void {
  if (wanted.length === found.length && wanted.every((slot, index) => slot === found[index])) return;
  const inWords = (slots: number[]): string[] => slots.map((slot) => new Date(slot).toISOString());
  expect(inWords(found), what).toEqual(inWords(wanted));
}

/** Small numbers, the same ones every time (mulberry32). */
function dice(seed: number): (sides: number) => number {
  let state = seed >>> 0;
  return (sides) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), bits | 61)) ^ bits;
    return ((bits ^ (bits >>> 14)) >>> 0) % sides;
  };
}

type Roll = (sides: number) => number;

/** An expression that has to do with the days and hours around this wall time. */
function expressionNear(wall: number, roll: Roll, second: string): string {
  const date = new Date(wall);
  const pick = (...texts: readonly string[]): string => texts[roll(texts.length)] ?? '*';
  const hour = (date.getUTCHours() + roll(5) + 22) % 24;
  const day = String(date.getUTCDate());
  const weekday = date.getUTCDay();
  const nth = Math.ceil(date.getUTCDate() / 7);
  return [
    second,
    pick('0', '30', '*/15', `${roll(60)}`, `${roll(30)}-${30 + roll(30)}`, '5-59/7', `${roll(30)},${30 + roll(30)}`),
    pick('*', `*/${1 + roll(12)}`, `${hour}`, `${hour},${roll(24)}`, '0-23', '1-3', `${Math.min(hour, 20)}-22/2`, '0'),
    pick('*', '*', '*', day, `${day},L`, 'L', 'LW', `${day}W`, '*/2', `1,${day}W`),
    pick('*', '*', '*', `${date.getUTCMonth() + 1}`, '1-12/2'),
    pick('*', '*', `${weekday}`, '1-5', `${weekday}#${nth}`, `${weekday}L`, '0,6', '5-7'),
  ].join(' ');
}

describe.for(zones)('in %s', (zone) => {
  const offsets = new Offsets(zone, Date.UTC(firstYear, 0, 1), Date.UTC(lastYear + 1, 0, 1));
  const changes = offsets.changes.slice(1);

  test(`slots are what brute force finds around all ${changes.length} changes of the clock`, () => {
    for (const { at } of changes) {
      const walked = walk(offsets, at - 60 * HOUR, at + 36 * HOUR, MINUTE);
      const roll = dice(at / MINUTE);
      const near = Array.from({ length: 8 }, () => expressionNear(at + offsets.at(at), roll, '0'));
      for (const expression of [...EVERYDAY, ...near]) expectSame(expression, zone, walked, at - 30 * HOUR);
    }
  });

  test('to the second, in the hours around some of them', () => {
    for (const { at } of changes.filter((_, index) => index % 16 === 3)) {
      const jump = Math.abs(offsets.at(at) - offsets.at(at - 1));
      if (jump > 2 * HOUR) continue;
      const walked = walk(offsets, at - 3 * HOUR, at + 3 * HOUR, SECOND);
      const roll = dice(at / MINUTE);
      const near = Array.from({ length: 4 }, () => expressionNear(at + offsets.at(at), roll, `*/${1 + roll(20)}`));
      for (const expression of near) expectSame(expression, zone, walked, at - HOUR);
    }
  });

  test('through a year with all its days', () => {
    const roll = dice(zone.length * 7919 + (zone.codePointAt(zone.length - 1) ?? 0));
    const year = Date.UTC(firstYear + roll(lastYear - firstYear), roll(12), 1);
    // Newfoundland and Labrador used to put their clocks at a minute past midnight.
    const step = changes.every(({ at }) => at % (15 * MINUTE) === 0) ? 15 * MINUTE : MINUTE;
    const walked = walk(offsets, year, year + (long ? 400 : 60) * DAY, step);
    const near = Array.from({ length: long ? 4 : 1 }, () => {
      const [, , ...rest] = expressionNear(year + roll(long ? 365 : 60) * DAY, roll, '0').split(' ');
      return ['0', '*/15', ...rest].join(' ');
    });
    for (const expression of near) expectSame(expression, zone, walked, year + 2 * DAY);
  });
});
