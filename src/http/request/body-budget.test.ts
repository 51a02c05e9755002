import { expect, it } from 'vitest';
import { createBodyBudget } from './body-budget.ts';

const FREE = 64 * 1_024;

it('holds all bodies to so many bytes, and gives back what is no longer held', () => {
  const budget = createBodyBudget(1_000);
  const [first, second] = [budget.open(), budget.open()];
  expect([first.grow(FREE), first.grow(600), second.grow(FREE + 400)]).toEqual([true, true, true]);
  expect(second.grow(1)).toBe(false);
  first.release();
  first.release();
  expect(second.grow(600)).toBe(true);
  expect(second.grow(1)).toBe(false);
});

it('does not count the small ones', () => {
  const budget = createBodyBudget(0);
  for (let count = 0; count < 1_000; count += 1) expect(budget.open().grow(FREE)).toBe(true);
});
