import { describe, expect, test } from 'vitest';
import { jobId } from '../id.ts';
import { readyAt } from './jitter.ts';

const JOB = jobId('0199a6c2-5d3e-4f6a-8b1c-2d3e4f5a6b7c');
const OTHER = jobId('0199a6c2-5d3e-4f6a-8b1c-2d3e4f5a6b7d');
const SLOT = Date.UTC(2026, 0, 1);

describe('readyAt', () => {
  test('is the slot itself without jitter', () => {
    expect(readyAt(JOB, SLOT, 0)).toBe(SLOT);
  });

  test('never changes: servers of all versions must agree', () => {
    expect(readyAt(JOB, SLOT, 60) - SLOT).toBe(38_602);
    expect(readyAt(OTHER, SLOT, 60) - SLOT).toBe(35_425);
  });

  test.for([SLOT, 0])('spreads slots and jobs evenly over its seconds, from %d on', (start) => {
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let index = 0; index < 10_000; index++) {
      const slot = start + index * 1_000;
      const late = readyAt(index % 2 === 0 ? JOB : OTHER, slot, 60) - slot;
      expect(late).toBeGreaterThanOrEqual(0);
      expect(late).toBeLessThan(60_000);
      const tenth = Math.floor(late / 6_000);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const hits of tenths) expect(Math.abs(hits - 1_000)).toBeLessThan(150);
  });
});
