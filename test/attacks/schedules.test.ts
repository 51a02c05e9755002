/**
 * Schedules that never come, are seldom, or are made to take long to read (Jenkins GHSA-8qpf-fv36-h4r8; the loop of
 * node-cron 3.3.2 at summer time; chrono CVE-2021-23371). Each is answered in bounded work: nobody else waits for it.
 */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startApi, type Api } from '../support/api.ts';
import { long } from '../support/long.ts';

let api: Api;
beforeAll(async () => (api = await startApi()));
afterAll(() => api[Symbol.asyncDispose]());

/** Generous: each takes a few milliseconds on a machine that has nothing else to do. */
const PATIENCE_MS = 5_000;
let slowest = { ms: 0, schedule: '' };

async function preview(schedule: string, timezone = 'Europe/Berlin'): Promise<number> {
  const begun = performance.now();
  const { status } = await api.call('POST', '/api/schedules/preview', { body: { schedule, timezone, count: 5 } });
  const ms = performance.now() - begun;
  if (ms > slowest.ms) slowest = { ms, schedule: schedule.slice(0, 80) };
  expect(ms).toBeLessThan(PATIENCE_MS);
  return status;
}

const MOST = 2 ** 20 - 200;
/** The dearest to look for. */
const NEAREST = Array.from({ length: 31 }, (_, index) => `${index + 1}W`).join(',');

it.each([
  ['never', '0 0 30 2 *'],
  ['never, with seconds', '0 0 0 31 2,4,6,9,11 *'],
  ['never, by its weekday', '0 0 31 2 *'],
  ['never, since the nearest weekday is no Saturday', `0 0 0 ${NEAREST} * +6#5`],
  ['never, since the nearest weekday is no Sunday', `0 0 0 ${NEAREST} 2 +SUN`],
  ['never, since it is over', '0 0 0 1 1 * 1999'],
  ['a megabyte of commas', ','.repeat(MOST)],
  ['a megabyte of numbers', `${'1,'.repeat(MOST / 2)}1 * * * *`],
  ['a megabyte of blanks', ' '.repeat(MOST)],
  ['a megabyte of stars', '*'.repeat(MOST)],
  ['a megabyte of slashes', `*${'/1'.repeat(MOST / 2)} * * * *`],
  ['a megabyte of L', 'L'.repeat(MOST)],
  ['ranges in ranges', '1-2-3-4 * * * *'],
  ['a step of nothing', '*/0 * * * *'],
  ['a step too large', '*/99999999999999999999 * * * *'],
  ['a range the wrong way round', '59-0 * * * *'],
  ['numbers of another script', '٣ ٣ * * *'],
  ['every nothing', '@every 0s'],
  ['every long time', `@every ${'9'.repeat(400)}h`],
  ['a name that there is not', '@nightly-ish'],
  ['a NUL', '* * * *\0*'],
  ['the 366th of L', '0 0 L99 * *'],
  ['the sixth Monday', '0 0 * * 1#6'],
])('%s is refused', async (_, schedule) => expect(await preview(schedule)).toBe(400));

it.each([
  ['the 29th of February on a Monday or not', '0 0 29 2 1'],
  ['the 29th of February', '0 0 0 29 2 *'],
  ['the hour that is left out', '0 30 2 * 3 *'],
  ['every second', '* * * * * *'],
  ['the last of each month', '0 0 L * *'],
  ['the nearest weekday', '0 0 15W * *'],
  ['a list of all', `${Array.from({ length: 60 }, (_, second) => second).join(',')} * * * * *`],
])('%s is answered', async (_, schedule) => expect(await preview(schedule)).toBe(200));

it('whatever is made of the signs of a schedule is answered', { timeout: 600_000 }, async () => {
  const sign = fc.constantFrom(...'0123456789*/,-#LW?@ '.split(''), 'MON', 'feb', '@every ', 'h', '31', '2', '29');
  const field = fc.oneof(
    fc.constantFrom('*', '*/7', '0', '31', '29', '2', 'L', '1#5', '15W', '1-5', '0,30', '?', '30-31', '2/30', 'SUN#L'),
    fc.array(sign, { maxLength: 8 }).map((signs) => signs.join('')),
  );
  const usual = fc.constantFrom('*', '*/7', '0', '1', '2-4', '1,5');
  const schedule = fc.oneof(
    fc.array(usual, { minLength: 5, maxLength: 6 }).map((fields) => fields.join(' ')),
    fc.array(field, { minLength: 5, maxLength: 7 }).map((fields) => fields.join(' ')),
    fc.array(sign, { maxLength: 60 }).map((signs) => signs.join('')),
    fc.string({ maxLength: 200 }),
  );
  const zone = fc.constantFrom(
    'UTC',
    'Europe/Berlin',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Pacific/Apia',
    'Africa/Cairo',
  );
  let taken = 0;
  await fc.assert(
    fc.asyncProperty(schedule, zone, async (text, timezone) => {
      const status = await preview(text, timezone);
      expect([text, status === 200 || status === 400]).toEqual([text, true]);
      taken += status === 200 ? 1 : 0;
    }),
    long ? { numRuns: 20_000 } : { numRuns: 500, seed: 1 },
  );
  expect(taken).toBeGreaterThan(0);
  console.info(`the slowest schedule took ${slowest.ms.toFixed(1)} ms: ${slowest.schedule}`);
});
