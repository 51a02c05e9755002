import { expect, test } from 'vitest';
import { parseSelection, pointed, selectionHash } from './line-selection.ts';

test.each([
  ['#L120', { first: 120, last: 120 }],
  ['#L120-L140', { first: 120, last: 140 }],
  ['#L140-L120', { first: 120, last: 140 }],
  [' 7 ', { first: 7, last: 7 }],
  ['7 – 9', { first: 7, last: 9 }],
  ['#L0', null],
  ['#L1-', null],
  ['#heading', null],
  ['', null],
])('%j names %j', (hash, chosen) => {
  expect(parseSelection(hash)).toEqual(chosen);
});

test('what is chosen is named so, and grows to where one points', () => {
  expect([selectionHash({ first: 3, last: 3 }), selectionHash({ first: 3, last: 9 })]).toEqual(['#L3', '#L3-L9']);
  expect(pointed(null, 5, true)).toEqual({ first: 5, last: 5 });
  expect(pointed({ first: 5, last: 7 }, 9, true)).toEqual({ first: 5, last: 9 });
  expect(pointed({ first: 5, last: 7 }, 2, true)).toEqual({ first: 2, last: 7 });
  expect(pointed({ first: 5, last: 7 }, 5, false)).toEqual({ first: 5, last: 5 });
  expect(pointed({ first: 5, last: 5 }, 5, false)).toBe(null);
});
