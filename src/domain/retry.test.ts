import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMON_DEFAULTS } from './job.ts';
import { BACKOFFS, retriesLost, retryAt } from './retry.ts';
import type { Outcome } from './run.ts';

const NOW = 1_000_000;
const DEFAULTS = {
  ...COMMON_DEFAULTS,
  retryOnExitCodes: null as readonly number[] | null,
  onLost: null as 'retry' | 'fail' | null,
};
const EXIT_1: Outcome = { status: 'failed', reason: 'exit', exitCode: 1 };
const LOST: Outcome = { status: 'failed', reason: 'lost', detail: 'drained' };

/** Seconds until each of the next attempts, until there is none. */
function delays(policy: Partial<Parameters<typeof retryAt>[0]>, outcome: Outcome = EXIT_1): number[] {
  const all: number[] = [];
  for (let attempt = 1; ; attempt++) {
    const at = retryAt({ ...DEFAULTS, ...policy }, attempt, outcome, NOW);
    if (at === null) return all;
    all.push((at - NOW) / 1_000);
  }
}

describe('retryAt', () => {
  it.each([
    { what: 'no retries', policy: {}, expected: [] },
    { what: 'doubling', policy: { retries: 4 }, expected: [10, 20, 40, 80] },
    { what: 'doubling up to the cap', policy: { retries: 4, retryMaxDelaySeconds: 30 }, expected: [10, 20, 30, 30] },
    {
      what: 'a delay over the cap',
      policy: { retries: 2, retryDelaySeconds: 90, retryMaxDelaySeconds: 60 },
      expected: [60, 60],
    },
    { what: 'fixed', policy: { retries: 3, retryBackoff: 'fixed' as const }, expected: [10, 10, 10] },
    { what: 'at once', policy: { retries: 2, retryDelaySeconds: 0 }, expected: [0, 0] },
    { what: 'an exit code worth a retry', policy: { retries: 1, retryOnExitCodes: [1, 75] }, expected: [10] },
    { what: 'an exit code not worth one', policy: { retries: 1, retryOnExitCodes: [75] }, expected: [] },
    { what: 'no exit code worth one', policy: { retries: 1, retryOnExitCodes: [] }, expected: [] },
  ])('$what', ({ policy, expected }) => {
    expect(delays(policy)).toEqual(expected);
  });

  it.each<{ what: string; outcome: Outcome; retried: boolean }>([
    { what: 'success', outcome: { status: 'succeeded' }, retried: false },
    { what: 'cancel', outcome: { status: 'cancelled', exitCode: null, signal: 'SIGTERM' }, retried: false },
    { what: 'signal', outcome: { status: 'failed', reason: 'signal', signal: 'SIGSEGV' }, retried: true },
    { what: 'timeout', outcome: { status: 'failed', reason: 'timeout', exitCode: 1, signal: null }, retried: true },
    { what: 'spawn', outcome: { status: 'failed', reason: 'spawn', detail: 'no such shell' }, retried: true },
    { what: 'lost', outcome: LOST, retried: true },
  ])('$what is retried: $retried, whatever the exit codes say', ({ outcome, retried }) => {
    expect(delays({ retries: 1, retryOnExitCodes: [75] }, outcome)).toHaveLength(retried ? 1 : 0);
  });

  it('retries a lost attempt at once', () => {
    expect(delays({ retries: 3 }, LOST)).toEqual([0, 0, 0]);
  });

  it('stays exact after thousands of attempts', () => {
    expect(retryAt({ ...DEFAULTS, retries: 1e6 }, 5_000, EXIT_1, NOW)).toBe(NOW + 3_600_000);
  });
});

describe('retriesLost', () => {
  it.each([
    { onLost: null, retries: 0, attempt: 1, expected: false },
    { onLost: null, retries: 1, attempt: 1, expected: true },
    { onLost: null, retries: 1, attempt: 2, expected: false },
    { onLost: 'fail', retries: 5, attempt: 1, expected: false },
    { onLost: 'retry', retries: 5, attempt: 5, expected: true },
    { onLost: 'retry', retries: 5, attempt: 6, expected: false },
    { onLost: 'retry', retries: 0, attempt: 1, expected: false },
  ] as const)(
    'onLost $onLost, $retries retries, attempt $attempt: $expected',
    ({ onLost, retries, attempt, expected }) => {
      expect(retriesLost({ ...DEFAULTS, onLost, retries }, attempt)).toBe(expected);
    },
  );
});

describe('laws', () => {
  const policies = fc.record({
    retries: fc.nat(20),
    retryDelaySeconds: fc.nat(1_000),
    retryMaxDelaySeconds: fc.nat(5_000),
    retryBackoff: fc.constantFrom(...BACKOFFS),
    retryOnExitCodes: fc.option(fc.array(fc.integer({ min: 0, max: 255 }))),
    onLost: fc.constantFrom('retry', 'fail', null),
  });
  const outcomes = fc.oneof(
    fc.integer({ min: 1, max: 255 }).map((exitCode): Outcome => ({ status: 'failed', reason: 'exit', exitCode })),
    fc.constant(LOST),
    fc.constant<Outcome>({ status: 'failed', reason: 'signal', signal: 'SIGKILL' }),
  );

  it('a run has at most retries + 1 attempts, whatever ends them', () => {
    fc.assert(
      fc.property(policies, fc.array(outcomes, { minLength: 25, maxLength: 25 }), (policy, list) => {
        const attempts = 1 + list.findIndex((outcome, index) => retryAt(policy, index + 1, outcome, NOW) === null);
        expect(attempts).toBeGreaterThan(0);
        expect(attempts).toBeLessThanOrEqual(policy.retries + 1);
      }),
    );
  });

  it('never retries in the past, nor later than the cap', () => {
    fc.assert(
      fc.property(policies, outcomes, fc.nat(30), (policy, outcome, attempt) => {
        const delay = (retryAt(policy, attempt + 1, outcome, NOW) ?? NOW) - NOW;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(policy.retryMaxDelaySeconds * 1_000);
      }),
    );
  });

  it('delays never shrink from one attempt to the next', () => {
    fc.assert(
      fc.property(policies, fc.integer({ min: 1, max: 30 }), (policy, attempt) => {
        const all = { ...policy, retries: 40, retryOnExitCodes: null };
        const at = (n: number): number => retryAt(all, n, EXIT_1, NOW) ?? Number.NaN;
        expect(at(attempt + 1)).toBeGreaterThanOrEqual(at(attempt));
      }),
    );
  });
});
