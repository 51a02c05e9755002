import { expect, test } from 'vitest';
import { bars, lines, niceTop } from './shapes.ts';

test.each([
  [0, 2],
  [1, 1],
  [3, 4],
  [8.1, 10],
  [10, 10],
  [11, 20],
  [0.3, 0.4],
  [730, 800],
])('above %d comes %d', (highest, top) => {
  expect(niceTop(highest)).toBeCloseTo(top);
});

const size = { top: 10, width: 20, height: 100 };

test('bars stand upon each other, and nothing is no bar', () => {
  const series = [
    { name: 'good', class: 'good', values: [5, 0] },
    { name: 'bad', class: 'bad', values: [5, null] },
  ];
  expect(bars({ series, ...size })).toEqual([
    { colour: 'good', path: 'M1.4 100h7.2v-50h-7.2z' },
    { colour: 'bad', path: 'M1.4 50h7.2v-50h-7.2z' },
  ]);
});

test('a line breaks where nobody looked', () => {
  const series = [{ name: 'queued', class: 'wait', values: [0, null, 10, 0] }];
  expect(lines({ series, ...size, width: 40 })[0]?.path).toBe('M5 99M25 1L35 99');
});
