import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitColumns } from './fit.ts';

describe('fitColumns', () => {
  const name = { natural: 20, least: 8 };
  const state = { natural: 9, least: 9 };
  const command = { natural: 60, least: 10 };

  test('what fits is left alone', () => {
    expect(fitColumns([name, state, command], 120, 2)).toEqual([20, 9, 60]);
    expect(fitColumns([name, state, command], Number.POSITIVE_INFINITY, 2)).toEqual([20, 9, 60]);
  });

  test('the widest gives way first, then all that can alike', () => {
    expect(fitColumns([name, state, command], 80, 2)).toEqual([20, 9, 47]);
    expect(fitColumns([name, state, command], 40, 2)).toEqual([13, 9, 14]);
  });

  test('least widths stay, whatever the terminal', () => {
    expect(fitColumns([name, state, command], 10, 2)).toEqual([8, 9, 10]);
  });

  test('rows fit and waste nothing, and no column is wider than it needs or narrower than it may be', () => {
    const column = fc.record({ natural: fc.nat(200), least: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(fc.array(column, { maxLength: 8 }), fc.nat(300), (columns, total) => {
        const sum = (widths: readonly number[]): number =>
          widths.reduce((all, width) => all + width, 2 * Math.max(0, columns.length - 1));
        const widths = fitColumns(columns, total, 2);
        const least = columns.map((each) => Math.min(each.natural, each.least));
        const natural = columns.map((each) => each.natural);
        expect(widths.every((width, index) => width >= (least[index] ?? 0))).toBe(true);
        expect(widths.every((width, index) => width <= (natural[index] ?? 0))).toBe(true);
        expect(sum(widths)).toBe(Math.max(sum(least), Math.min(total, sum(natural))));
      }),
    );
  });
});
