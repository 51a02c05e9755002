import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY } from './instant.ts';
import { expendable, isTooOld, rowsToLookAt, type RetentionPolicy, type Retainable } from './retention.ts';
import { RUN_STATUSES, type RunStatus } from './run.ts';
import { isFinal } from './run-state.ts';

interface Row extends Retainable {
  readonly number: number;
}

const NOW = 1_000 * DAY;
const LETTERS: Readonly<Record<string, RunStatus>> = {
  p: 'pending',
  r: 'running',
  s: 'succeeded',
  f: 'failed',
  c: 'cancelled',
  k: 'skipped',
};

/** Runs from letters, newest first, each finished `ageDays` ago. */
function rows(letters: string, ageDays: readonly number[] = []): Row[] {
  return [...letters].map((letter, index) => {
    const status = LETTERS[letter] ?? 'failed';
    return {
      number: letters.length - index,
      status,
      finishedAt: isFinal(status) ? NOW - (ageDays[index] ?? 0) * DAY : null,
    };
  });
}

/** The letters of those that stay, newest first. */
function staying(keepRuns: number, keepFailedRuns: number, all: readonly Row[]): string {
  const gone = new Set(expendable({ keepRuns, keepFailedRuns, keepDays: 30 }, all, NOW));
  const letter = (row: Row): string => Object.entries(LETTERS).find(([, status]) => status === row.status)?.[0] ?? '?';
  return all
    .filter((row) => !gone.has(row))
    .map((row) => letter(row))
    .join('');
}

describe('expendable', () => {
  it.each([
    { what: 'nothing of nothing', runs: '', keepRuns: 2, keepFailed: 1, stays: '' },
    { what: 'nothing while there are few', runs: 'sf', keepRuns: 2, keepFailed: 0, stays: 'sf' },
    { what: 'what is beyond the newest', runs: 'scks', keepRuns: 2, keepFailed: 0, stays: 'sc' },
    {
      what: 'not the failed ones beyond the newest',
      runs: 'sssfsfsf',
      keepRuns: 2,
      keepFailed: 2,
      stays: 'ssff',
    },
    {
      what: 'failed ones among the newest count there',
      runs: 'ffff',
      keepRuns: 2,
      keepFailed: 1,
      stays: 'fff',
    },
    {
      what: 'never a live run, which counts for nothing',
      runs: 'rpspsps',
      keepRuns: 1,
      keepFailed: 0,
      stays: 'rpspp',
    },
    {
      what: 'all that is final when nothing is to be kept',
      runs: 'rsfck',
      keepRuns: 0,
      keepFailed: 0,
      stays: 'r',
    },
    {
      what: 'records of skipped slots as any other',
      runs: 'ksk',
      keepRuns: 2,
      keepFailed: 9,
      stays: 'ks',
    },
  ])('removes $what', ({ runs, keepRuns, keepFailed, stays }) => {
    expect(staying(keepRuns, keepFailed, rows(runs))).toBe(stays);
  });

  it('removes what is older than keepDays, however few there are', () => {
    expect(staying(9, 9, rows('sfsf', [0, 30, 30.01, 31]))).toBe('sf');
  });

  it('counts what is too old in its place, so that a longer keepDays never costs another run its place', () => {
    expect(staying(2, 0, rows('sssss', [0, 31, 2, 3, 4]))).toBe('s');
  });
});

const days = fc.integer({ min: 0, max: 40 });
const statuses = fc.array(fc.tuple(fc.constantFrom(...RUN_STATUSES), days), { maxLength: 40 });
const history = statuses.map((list) =>
  list.map(([status, age], index): Row => ({
    number: list.length - index,
    status,
    finishedAt: isFinal(status) ? NOW - age * DAY : null,
  })),
);
const policies = fc.record({
  keepRuns: fc.integer({ min: 0, max: 8 }),
  keepFailedRuns: fc.integer({ min: 0, max: 8 }),
  keepDays: fc.integer({ min: 1, max: 40 }),
});

describe('laws', () => {
  it('asking again removes nothing more', () => {
    fc.assert(
      fc.property(policies, history, (policy, runs) => {
        const gone = new Set(expendable(policy, runs, NOW));
        const left = runs.filter((run) => !gone.has(run));
        expect(expendable(policy, left, NOW)).toEqual([]);
      }),
    );
  });

  it('a live run never goes', () => {
    fc.assert(
      fc.property(policies, history, (policy, runs) => {
        expect(expendable(policy, runs, NOW).every((run) => isFinal(run.status))).toBe(true);
      }),
    );
  });

  it('a more generous policy never removes more', () => {
    fc.assert(
      fc.property(policies, policies, history, (policy, more, runs) => {
        const generous: RetentionPolicy = {
          keepRuns: policy.keepRuns + more.keepRuns,
          keepFailedRuns: policy.keepFailedRuns + more.keepFailedRuns,
          keepDays: policy.keepDays + more.keepDays,
        };
        const gone = new Set(expendable(policy, runs, NOW));
        for (const run of expendable(generous, runs, NOW)) expect(gone.has(run)).toBe(true);
      }),
    );
  });

  it('as many rows as rowsToLookAt says have as many to remove as were asked for', () => {
    fc.assert(
      fc.property(policies, history, fc.integer({ min: 1, max: 10 }), (policy, runs, count) => {
        const final = runs.filter((run) => isFinal(run.status));
        const seen = final.slice(0, rowsToLookAt(policy, count));
        fc.pre(seen.length === rowsToLookAt(policy, count));
        expect(expendable(policy, seen, NOW).length).toBeGreaterThanOrEqual(count);
      }),
    );
  });

  it('what is found among the newest is found among all', () => {
    fc.assert(
      fc.property(policies, history, fc.nat(40), (policy, runs, seen) => {
        const ofAll = new Set(expendable(policy, runs, NOW));
        for (const run of expendable(policy, runs.slice(0, seen), NOW)) expect(ofAll.has(run)).toBe(true);
      }),
    );
  });

  it('age alone is a reason', () => {
    fc.assert(
      fc.property(policies, history, (policy, runs) => {
        const gone = new Set(expendable(policy, runs, NOW));
        for (const run of runs.filter((one) => isTooOld(policy, one, NOW))) expect(gone.has(run)).toBe(true);
      }),
    );
  });
});
