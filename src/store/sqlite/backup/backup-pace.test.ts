import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './backup-pace.ts';

describe('Pace', () => {
  it('lets a transaction pass after the first step, and none after one that copied nothing', () => {
    const pace = new Pace();
    expect(pace.mayPass(1_000, 744)).toBe(true);
    expect(pace.mayPass(1_000, 744)).toBe(false);
    expect(pace.mayPass(1_000, 743)).toBe(true);
  });

  it('lets a copy end with at most twice the pages of its beginning, whatever is written meanwhile', () => {
    const pages = fc.integer({ min: 1, max: 10_000 });
    const grown = fc.integer({ min: 0, max: 2_000 });
    fc.assert(
      fc.property(
        pages,
        fc.integer({ min: 1, max: 500 }),
        fc.array(grown, { minLength: 1 }),
        (start, rate, growths) => {
          const pace = new Pace();
          let total = start;
          let largest = 0;
          let passes = 0;
          for (let left = start - rate; left > 0; left -= rate) {
            if (!pace.mayPass(total, left)) continue;
            const growth = growths[passes++ % growths.length] ?? 0;
            largest = Math.max(largest, growth);
            total += growth;
            left += growth;
          }
          // The last may find no room any more in what was there.
          expect(total).toBeLessThanOrEqual(2 * start + largest);
        },
      ),
    );
  });
});
