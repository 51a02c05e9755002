import { expect, test } from 'vitest';
import { Selection } from './selection.ts';

test('what has left the list is selected no more, also when it comes back', () => {
  const selection = new Selection();
  selection.choose(['a', 'b']);
  selection.keep(['c', 'a']);
  selection.keep(['a', 'b', 'c']);
  expect(selection.chosen.value).toEqual({ kind: 'ids', ids: new Set(['a']) });
  selection.keep([]);
  expect(selection.isEmpty.value).toBe(true);
});

test('all that match stay selected, whatever is loaded', () => {
  const selection = new Selection();
  selection.chooseMatching();
  selection.keep([]);
  expect(selection.has('a')).toBe(true);
});
