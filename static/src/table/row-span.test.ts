import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AROUND, NEAR, nextSpan, STEP, type RowSpan } from './row-span.ts';

const COUNT = 1_000;
const SIGHT = 20;

const at = (from: number): RowSpan => ({ from, to: from + SIGHT });

/** Draws until nothing changes any more. */
function settled(before: RowSpan, sight: RowSpan): RowSpan {
  let drawn = before;
  for (let frames = 0; frames < 10; frames += 1) {
    const next = nextSpan(drawn, sight, COUNT);
    if (next.from === drawn.from && next.to === drawn.to) return drawn;
    drawn = next;
  }
  throw new Error('it draws for ever');
}

it('draws little more than what is in sight after a leap, and what is around it bit by bit', () => {
  const leapt = nextSpan(at(0), at(500), COUNT);
  expect(leapt).toEqual({ from: 500 - NEAR, to: 520 + NEAR });
  expect(nextSpan(leapt, at(500), COUNT)).toEqual({ from: 500 - NEAR - STEP, to: 520 + NEAR + STEP });
  const all = settled(leapt, at(500));
  expect(all.from).toBeLessThanOrEqual(500 - AROUND + STEP);
  expect(all.to).toBeGreaterThanOrEqual(520 + AROUND - STEP);
});

it('draws a step at a time while it is scrolled slowly', () => {
  let drawn = settled(at(500), at(500));
  const draws: number[] = [];
  for (let from = 501; from <= 600; from += 1) {
    const next = nextSpan(drawn, at(from), COUNT);
    if (next.from !== drawn.from || next.to !== drawn.to) draws.push(next.to - drawn.to);
    drawn = next;
  }
  expect(draws.filter((rows) => rows > 0)).toEqual(Array.from({ length: 13 }, () => STEP));
  expect(draws.length).toBeLessThanOrEqual(26);
});

const place = fc.integer({ min: -100, max: COUNT + 100 });

it('draws all that is in sight, within the table, and never much at once', () => {
  fc.assert(
    fc.property(
      fc.array(place, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 101, max: COUNT }),
      (places, count) => {
        let drawn: RowSpan = { from: 0, to: 0 };
        for (const from of places) {
          const sight = at(from);
          const next = nextSpan(drawn, sight, count);
          expect(next.from).toBeLessThanOrEqual(Math.min(Math.max(sight.from, 0), count));
          expect(next.to).toBeGreaterThanOrEqual(Math.min(Math.max(sight.to, 0), count));
          expect([next.from >= 0, next.to <= count]).toEqual([true, true]);
          const isNew = (row: number): boolean => row < drawn.from || row >= drawn.to;
          const made = Array.from({ length: Math.max(0, next.to - next.from) }, (_, index) => next.from + index);
          expect(made.filter(isNew).length).toBeLessThanOrEqual(SIGHT + 2 * STEP);
          drawn = next;
        }
      },
    ),
  );
});

it('comes to rest, with some rows around what is in sight', () => {
  fc.assert(
    fc.property(place, fc.integer({ min: 0, max: COUNT - SIGHT }), (before, from) => {
      const drawn = settled(nextSpan({ from: 0, to: 0 }, at(before), COUNT), at(from));
      expect(drawn.from).toBeLessThan(Math.max(0, from - AROUND) + STEP);
      expect(drawn.to).toBeGreaterThan(Math.min(COUNT, from + SIGHT + AROUND) - STEP);
    }),
  );
});
