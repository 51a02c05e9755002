import { expect, test } from 'vitest';
import { builtOf, DEFAULT_BUILT, expressionOf } from './builder.ts';

test.each([
  ['*/5 * * * *', { every: 'minutes', step: 5 }],
  ['* * * * *', { every: 'minutes', step: 1 }],
  ['30 * * * *', { every: 'hours', step: 1, time: '00:30' }],
  ['0 */6 * * *', { every: 'hours', step: 6, time: '00:00' }],
  ['15 2 * * *', { every: 'day', time: '02:15' }],
  ['0 7 * * 1-5', { every: 'weekday', time: '07:00' }],
  ['0 7 * * 2,4', { every: 'week', time: '07:00', weekdays: [2, 4] }],
  ['5 9 L * *', { every: 'month', time: '09:05', day: 'L' }],
] as const)('%s, there and back', (expression, built) => {
  expect(builtOf(expression)).toEqual({ ...DEFAULT_BUILT, ...built });
  expect(expressionOf({ ...DEFAULT_BUILT, ...built })).toBe(expression);
});

test.each(['', '@daily', '@every 90s', '*/10 * * * * *', '0 7 1 1 *', '0 7 1 * 1', '61 1 * * *', '1-5 1 * * *'])(
  '%j is more than the choices can say',
  (expression) => {
    expect(builtOf(expression)).toBeNull();
  },
);
