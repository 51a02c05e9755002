import { expect, test } from 'vitest';
import { joinRows } from './join-rows.ts';

const rows = (...ids: readonly string[]): readonly { readonly id: string }[] => ids.map((id) => ({ id }));

test('the newest come in front of those that come after them', () => {
  expect(joinRows(rows('e', 'd', 'c'), rows('d', 'c', 'b', 'a'))).toEqual(rows('e', 'd', 'c', 'b', 'a'));
});

test('what is among the newest no more is gone', () => {
  expect(joinRows(rows('e', 'c'), rows('e', 'd', 'c', 'b'))).toEqual(rows('e', 'c', 'b'));
  expect(joinRows([], rows('a'))).toEqual([]);
});

test('a short page is all there is', () => {
  expect(joinRows(rows('x'), rows('b', 'a'))).toEqual(rows('x'));
});

test('when a whole page of new ones came, what lies between is unknown', () => {
  const head = rows(...Array.from({ length: 100 }, (_, index) => `new ${index}`));
  expect(joinRows(head, rows('b', 'a'))).toBeNull();
});
