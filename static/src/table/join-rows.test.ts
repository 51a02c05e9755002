import { expect, test } from 'vitest';
import { joinRows } from './join-rows.ts';

const rows = (...ids: readonly string[]): readonly { readonly id: string }[] => ids.map((id) => ({ id }));

test('the newest come in front of those that come after them', () => {
  expect(joinRows(rows('e', 'd', 'c'), rows('d', 'c', 'b', 'a'))).toEqual(rows('e', 'd', 'c', 'b', 'a'));
});

test('what is among the newest no more is gone', () => {
  expect(joinRows(rows('e', 'c'), rows('e', 'd', 'c', 'b'))).toEqual(rows('e', 'c', 'b'));
});

test('when nothing of the old is among the newest, what lies between is unknown', () => {
  expect(joinRows(rows('x'), rows('b', 'a'))).toBeNull();
  expect(joinRows([], rows('a'))).toBeNull();
  expect(joinRows(rows('a'), [])).toBeNull();
});
