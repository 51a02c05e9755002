import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeSchedule } from './describe.ts';

describe('describeSchedule', () => {
  test.for([
    ['* * * * * *', 'Every second'],
    ['*/10 * * * * *', 'Every 10 seconds'],
    ['* * * * *', 'Every minute'],
    ['*/7 * * * *', 'Every 7 minutes of each hour'],
    ['*/15 * * * *', 'Every 15 minutes'],
    ['*/45 * * * * *', 'Every 45 seconds of each minute'],
    ['0 */5 * * 1-5', 'On the hour, every 5 hours of each day, Monday through Friday'],
    ['0 9 * * *', 'At 09:00, every day'],
    ['15 30 9 * * *', 'At 09:30:15, every day'],
    ['0 2,14 * * *', 'At 02:00 and 14:00, every day'],
    ['30 */2 * * *', 'At 30 minutes past the hour, every 2 hours'],
    ['0 9 * * mon-fri', 'At 09:00, Monday through Friday'],
    ['0 9 * JAN *', 'At 09:00, only in January'],
    ['0 9 15 * 1', 'At 09:00, on day 15 of the month, or on Monday'],
    ['0 9 13 * +5', 'At 09:00, on day 13 of the month, but only on Friday'],
    ['0 9 L * *', 'At 09:00, on the last day of the month'],
    ['0 9 L,15 * *', 'At 09:00, on day 15 of the month, or on the last day of the month'],
    ['0 9 lw * *', 'At 09:00, on the last weekday of the month'],
    ['0 9 15w * *', 'At 09:00, on the weekday nearest day 15 of the month'],
    [
      '0 9 15W,20W * *',
      'At 09:00, on the weekday nearest day 15 of the month, or on the weekday nearest day 20 of the month',
    ],
    ['0 9 * * 5L', 'At 09:00, on the last Friday of the month'],
    ['0 9 * * fril', 'At 09:00, on the last Friday of the month'],
    ['0 9 * * 2#1', 'At 09:00, on the first Tuesday of the month'],
    ['0 9 * * 1-2#1', 'At 09:00, on the first Monday and first Tuesday of the month'],
    ['0 9 * * 0-7', 'At 09:00, every day'],
    ['0 9 * * 7', 'At 09:00, only on Sunday'],
    ['0 9 * * 5-7', 'At 09:00, Friday through Sunday'],
    ['0 0 ? * ?', 'At 00:00, every day'],
    ['@hourly', 'Every hour'],
    ['@weekly', 'At 00:00, only on Sunday'],
    ['@yearly', 'At 00:00, on day 1 of the month, only in January'],
    ['@every 90s', 'Every 90 seconds'],
    ['@every 1h', 'Every hour'],
    ['@every 1h30m', 'Every 1 hour 30 minutes'],
    ['@every 0h2m', 'Every 2 minutes'],
  ])('%s: %s', ([expression = '', words]) => {
    expect(describeSchedule(expression)).toBe(words);
  });

  test('has words, or the expression, for all that can be read', () => {
    const field = fc.constantFrom('*', '7', '1-3', '*/2', '2-8/3', '1,5', '1,2-4,*/3');
    const day = fc.constantFrom('*', 'L', 'LW', '15W', '1W,L', '1,2W', '*/2,L', '31', '?');
    const weekday = fc.constantFrom('*', '1L', '1#1,1#3', '1-5#2', '+MON', '0,6', '*/2', 'SUN', '?');
    fc.assert(
      fc.property(field, field, field, day, field, weekday, (...fields) => {
        expect(describeSchedule(fields.join(' '))).not.toMatch(/undefined|null|NaN|^$|, ,|[#?]/);
      }),
    );
  });
});
