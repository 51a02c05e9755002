import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  BLOCK_LINES,
  blockOf,
  firstOf,
  idealTop,
  lastOf,
  lineAt,
  linePx,
  ROW_PX,
  spaceHeight,
  type Drawn,
  type Space,
} from './line-space.ts';

const at = (block: number, { total }: Space): Drawn => ({
  first: block,
  last: block,
  top: idealTop({ first: block }, { total, rowPx: ROW_PX }),
  height: (lastOf(block, total) - firstOf(block) + 1) * ROW_PX,
});

test('every line is in one block', () => {
  expect([1, 100, 101, 250].map(blockOf)).toEqual([0, 0, 1, 2]);
  expect([firstOf(2), lastOf(2, 1_000), lastOf(2, 250)]).toEqual([201, 300, 250]);
});

test('an output that fits lies where it would without us', () => {
  const space = { total: 400_000, rowPx: ROW_PX };
  expect(linePx(space.total, ROW_PX)).toBe(ROW_PX);
  expect(spaceHeight(at(17, space), space)).toBe(space.total * ROW_PX);
  expect(idealTop({ first: 17 }, space)).toBe(17 * BLOCK_LINES * ROW_PX);
  expect(lineAt(0, at(17, space), space)).toBe(1);
  expect(lineAt(9_000, at(17, space), space)).toBe(501);
  expect(lineAt(space.total * ROW_PX - ROW_PX, at(17, space), space)).toBe(400_000);
});

test('however many lines, the space is one that browsers take, and each place is a line', () => {
  const total = fc.integer({ min: 1, max: 50_000_000 });
  const part = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(total, part, part, (total, where, what) => {
      const space = { total, rowPx: ROW_PX };
      const drawn = at(Math.floor((where * (total - 1)) / BLOCK_LINES), space);
      const height = spaceHeight(drawn, space);
      expect(height).toBeLessThan(8_100_000);
      const line = lineAt(what * height, drawn, space);
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(total);
    }),
  );
});
