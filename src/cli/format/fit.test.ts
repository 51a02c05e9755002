import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitColumns } from './fit.ts';

describe('fitColumns', () => {
  const name = { natural: 20, least: 8, givesWay: 1 };
  const state = { natural: 9, least: 9, givesWay: 0 };
  const command = { natural: 60, least: 10, givesWay: 2 };

  test('what fits is left alone', () => {
    expect(fitColumns([name, state, command], 120, 2)).toEqual([20, 9, 60]);
    expect(fitColumns([name, state, command], Number.POSITIVE_INFINITY, 2)).toEqual([20, 9, 60]);
  });

  test('the column that gives way first gives all it can before the next one does', () => {
    expect(fitColumns([name, state, command], 80, 2)).toEqual([20, 9, 47]);
    expect(fitColumns([name, state, command], 40, 2)).toEqual([17, 9, 10]);
  });

  test('rows fit, no column is wider than it needs or narrower than it may be', () => {
    const column = fc.record({ natural: fc.nat(200), least: fc.integer({ min: 1, max: 30 }), givesWay: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(column, { maxLength: 8 }), fc.nat(300), (columns, total) => {
        const widths = fitColumns(columns, total, 2);
        const leastOf = (index: number): number => {
          const { natural = 0, least = 0, givesWay = 0 } = columns[index] ?? {};
          return givesWay > 0 ? Math.min(natural, least) : natural;
        };
        for (const [index, width] of widths.entries()) {
          expect(width).toBeLessThanOrEqual(columns[index]?.natural ?? 0);
          expect(width).toBeGreaterThanOrEqual(leastOf(index));
        }
        const gaps = 2 * Math.max(0, columns.length - 1);
        const smallest = columns.reduce((sum, _, index) => sum + leastOf(index), gaps);
        const used = widths.reduce((sum, width) => sum + width, gaps);
        expect(used).toBeLessThanOrEqual(Math.max(total, smallest));
      }),
    );
  });
});
