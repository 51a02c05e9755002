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
  expect(draws.filter((rows) => rows > 0)).toEqual(Array.from({ length: 12 }, () => STEP));
  expect(draws.length).toBeLessThanOrEqual(26);
});

it('goes ahead of what is scrolled to, also after a leap', () => {
  let drawn = nextSpan(at(0), at(500), COUNT);
  for (let from = 505; from <= 600; from += 5) drawn = nextSpan(drawn, at(from), COUNT);
  expect(drawn.to).toBeGreaterThanOrEqual(600 + SIGHT + STEP - 1);
});

/** Leaps, small steps, another window, another length. */
const moves = fc.array(
  fc.record({
    leap: fc.option(fc.integer({ min: -100, max: COUNT + 100 }), { freq: 4 }),
    by: fc.integer({ min: -40, max: 40 }),
    height: fc.integer({ min: 1, max: 40 }),
    count: fc.option(fc.integer({ min: 101, max: COUNT }), { freq: 1 }),
  }),
  { minLength: 1, maxLength: 60 },
);

it('draws all that is in sight, within the table, never much at once, and keeps little', () => {
  fc.assert(
    fc.property(moves, (all) => {
      let drawn: RowSpan = { from: 0, to: 0 };
      let [place, count] = [0, COUNT];
      for (const move of all) {
        place = move.leap ?? place + move.by;
        count = move.count ?? count;
        const sight = { from: place, to: place + move.height };
        const next = nextSpan(drawn, sight, count);
        const inTable = (row: number): number => Math.min(Math.max(row, 0), count);
        expect(next.from).toBeLessThanOrEqual(inTable(sight.from));
        expect(next.to).toBeGreaterThanOrEqual(inTable(sight.to));
        expect([next.from >= 0, next.to <= count, next.from <= next.to]).toEqual([true, true, true]);
        expect(next.to - next.from).toBeLessThanOrEqual(move.height + 2 * (AROUND + STEP));
        const isNew = (row: number): boolean => row < drawn.from || row >= drawn.to;
        const made = Array.from({ length: next.to - next.from }, (_, index) => next.from + index);
        expect(made.filter(isNew).length).toBeLessThanOrEqual(move.height + 2 * (NEAR + STEP));
        drawn = next;
      }
    }),
  );
});

it('comes to rest, with some rows around what is in sight', () => {
  const place = fc.integer({ min: 0, max: COUNT - SIGHT });
  fc.assert(
    fc.property(place, place, (before, from) => {
      const drawn = settled(nextSpan({ from: 0, to: 0 }, at(before), COUNT), at(from));
      expect(drawn.from).toBeLessThan(Math.max(0, from - AROUND) + STEP);
      expect(drawn.from).toBeGreaterThan(from - AROUND - STEP);
      expect(drawn.to).toBeGreaterThan(Math.min(COUNT, from + SIGHT + AROUND) - STEP);
      expect(drawn.to).toBeLessThan(from + SIGHT + AROUND + STEP);
    }),
  );
});
