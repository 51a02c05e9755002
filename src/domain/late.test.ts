import { describe, expect, test } from 'vitest';
import { SECOND } from './instant.ts';
import { isLate, isOverdue, lateAt } from './late.ts';

const DUE = Date.UTC(2030, 0, 1);
const AT = DUE + 30 * SECOND;

test('lateAt is so much after its time, and null for a job that does not say', () => {
  expect(lateAt({ lateAfterSeconds: 30 }, DUE)).toBe(AT);
  expect(lateAt({ lateAfterSeconds: null }, DUE)).toBeNull();
});

describe('isLate', () => {
  test.for([
    { what: 'started in time', run: { status: 'running', startedAt: AT, lateAt: AT }, late: false },
    { what: 'started late', run: { status: 'succeeded', startedAt: AT + 1, lateAt: AT }, late: true },
    {
      what: 'started late, and waits for its retry',
      run: { status: 'pending', startedAt: AT + 1, lateAt: AT },
      late: true,
    },
    {
      what: 'waits for its retry, started in time',
      run: { status: 'pending', startedAt: DUE, lateAt: AT },
      late: false,
    },
    { what: 'waits', run: { status: 'pending', startedAt: null, lateAt: AT }, late: true },
    { what: 'waits, not so long yet', run: { status: 'pending', startedAt: null, lateAt: AT + SECOND }, late: false },
    { what: 'cancelled before its start', run: { status: 'cancelled', startedAt: null, lateAt: AT }, late: false },
    { what: 'of a job that does not say', run: { status: 'pending', startedAt: null, lateAt: null }, late: false },
  ] as const)('$what: $late', ({ run, late }) => {
    expect(isLate(run, AT + SECOND)).toBe(late);
  });
});

test('a slot is overdue when it came more than 10 s ago', () => {
  expect(isOverdue({ nextSlot: DUE }, DUE + 10 * SECOND)).toBe(false);
  expect(isOverdue({ nextSlot: DUE }, DUE + 10 * SECOND + 1)).toBe(true);
  expect(isOverdue({ nextSlot: null }, DUE)).toBe(false);
});
