import { describe, expect, it } from 'vitest';
import { RUN_STATUSES, type RunStatus } from './run.ts';
import { allMoves, BIRTHS, isFinal, move, type RunEvent } from './run-state.ts';

/** Design section 2, written out again: every event from every state. A dash: it may not happen. */
const TABLE: Readonly<Record<RunEvent, Readonly<Record<RunStatus, RunStatus | '-'>>>> = {
  claim: row('running', '-'),
  adopt: row('running', '-'),
  succeed: row('-', 'succeeded'),
  fail: row('-', 'failed'),
  retry: row('-', 'pending'),
  release: row('-', 'pending'),
  cancel: row('cancelled', 'cancelled'),
  skip: row('skipped', '-'),
};

/** Nothing leads on from the other states. */
function row(pending: RunStatus | '-', running: RunStatus | '-'): Record<RunStatus, RunStatus | '-'> {
  return { pending, running, succeeded: '-', failed: '-', cancelled: '-', skipped: '-' };
}

const EVENTS = Object.keys(TABLE) as RunEvent[];
const CASES = EVENTS.flatMap((event) => RUN_STATUSES.map((from) => ({ event, from, to: TABLE[event][from] })));

describe('move', () => {
  it.each(CASES)('$event leads from $from to $to', ({ event, from, to }) => {
    expect(move(from, event)).toBe(to === '-' ? null : to);
  });

  it('lists every allowed step and no other', () => {
    const told = allMoves().map(({ from, event, to }) => `${from} ${event} ${to}`);
    const expected = CASES.filter(({ to }) => to !== '-').map(({ from, event, to }) => `${from} ${event} ${to}`);
    expect(told.toSorted()).toEqual(expected.toSorted());
  });
});

describe('isFinal', () => {
  it.each([
    ['pending', false],
    ['running', false],
    ['succeeded', true],
    ['failed', true],
    ['cancelled', true],
    ['skipped', true],
  ] as const)('%s: %s', (status, final) => {
    expect(isFinal(status)).toBe(final);
  });

  it('every state can be reached from a birth, and every one that is not final reaches a final one', () => {
    const reach = (from: readonly RunStatus[]): Set<RunStatus> => {
      const seen = new Set(from);
      for (const at of seen) for (const step of allMoves()) if (step.from === at) seen.add(step.to);
      return seen;
    };
    expect([...reach(BIRTHS)].toSorted()).toEqual([...RUN_STATUSES].toSorted());
    for (const from of RUN_STATUSES) expect([...reach([from])].some((to) => isFinal(to))).toBe(true);
  });
});
