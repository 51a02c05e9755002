import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobId, runId, type RunId } from './id.ts';
import { COMMON_DEFAULTS } from './job.ts';
import { BACKOFFS, MOST_SPREAD, retriesLost, retryAt } from './retry.ts';
import type { Outcome } from './run.ts';

const NOW = 1_000_000;
const RUN = runId(jobId('0199a6c2-5d3e-4f6a-8b1c-2d3e4f5a6b7c'), 1);
const DEFAULTS = {
  ...COMMON_DEFAULTS,
  retryOnExitCodes: null as readonly number[] | null,
  onLost: null as 'retry' | 'fail' | null,
};
const EXIT_1: Outcome = { status: 'failed', reason: 'exit', exitCode: 1 };
const LOST: Outcome = { status: 'failed', reason: 'lost', detail: 'drained' };

type Policy = Parameters<typeof retryAt>[0];

/** Milliseconds until each of the next attempts, until there is none. */
function delays(policy: Partial<Policy>, outcome: Outcome = EXIT_1, run: RunId = RUN): number[] {
  const all: number[] = [];
  for (let attempt = 1; ; attempt++) {
    const at = retryAt({ ...DEFAULTS, ...policy }, { run, attempt }, outcome, NOW);
    if (at === null) return all;
    all.push(at - NOW);
  }
}

/** The seconds that these delays are spread from: each is so much or up to a fifth more. */
function expectSpread(all: readonly number[], seconds: readonly number[]): void {
  expect(all).toHaveLength(seconds.length);
  for (const [index, delay] of all.entries()) {
    const shortest = (seconds[index] ?? Number.NaN) * 1_000;
    expect(delay).toBeGreaterThanOrEqual(shortest);
    expect(delay).toBeLessThanOrEqual(shortest * MOST_SPREAD);
  }
}

describe('retryAt', () => {
  it.each([
    { what: 'no retries', policy: {}, expected: [] },
    { what: 'doubling', policy: { retries: 4 }, expected: [10, 20, 40, 80] },
    { what: 'doubling up to the cap', policy: { retries: 4, retryMaxDelaySeconds: 30 }, expected: [10, 20, 25, 25] },
    {
      what: 'a delay over the cap',
      policy: { retries: 2, retryDelaySeconds: 90, retryMaxDelaySeconds: 60 },
      expected: [50, 50],
    },
    { what: 'fixed', policy: { retries: 3, retryBackoff: 'fixed' as const }, expected: [10, 10, 10] },
    { what: 'at once', policy: { retries: 2, retryDelaySeconds: 0 }, expected: [0, 0] },
    { what: 'an exit code worth a retry', policy: { retries: 1, retryOnExitCodes: [1, 75] }, expected: [10] },
    { what: 'an exit code not worth one', policy: { retries: 1, retryOnExitCodes: [75] }, expected: [] },
    { what: 'no exit code worth one', policy: { retries: 1, retryOnExitCodes: [] }, expected: [] },
  ])('$what', ({ policy, expected }) => {
    expectSpread(delays(policy), expected);
  });

  it('never changes for a run and an attempt: what is computed twice is the same', () => {
    expect(delays({ retries: 3 })).toEqual([10_757, 23_601, 43_714]);
  });

  it.each(BACKOFFS)('keeps runs that failed together from coming back together (%s)', (retryBackoff) => {
    const runs = Array.from({ length: 1_000 }, (_, index) => runId(jobId(RUN.slice(0, 36)), index + 1));
    const policy = { retries: 12, retryBackoff, retryMaxDelaySeconds: 600 };
    for (const attempt of [0, 11]) {
      const all = runs.map((run) => delays(policy, EXIT_1, run)[attempt] ?? 0);
      const shortest = Math.min(...all);
      const tenths = Map.groupBy(all, (delay) => Math.floor(((delay / shortest - 1) * 10) / (MOST_SPREAD - 1)));
      for (let tenth = 0; tenth < 10; tenth++) expect(tenths.get(tenth)?.length ?? 0).toBeGreaterThan(50);
    }
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
    const at = retryAt({ ...DEFAULTS, retries: 1e6 }, { run: RUN, attempt: 5_000 }, EXIT_1, NOW) ?? 0;
    expectSpread([at - NOW], [3_000]);
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
  const runs = fc.tuple(fc.uuid(), fc.integer({ min: 1 })).map(([job, number]) => runId(jobId(job), number));
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
      fc.property(policies, runs, fc.array(outcomes, { minLength: 25, maxLength: 25 }), (policy, run, list) => {
        const attempts =
          1 + list.findIndex((outcome, index) => retryAt(policy, { run, attempt: index + 1 }, outcome, NOW) === null);
        expect(attempts).toBeGreaterThan(0);
        expect(attempts).toBeLessThanOrEqual(policy.retries + 1);
      }),
    );
  });

  it('never retries in the past, nor later than the cap', () => {
    fc.assert(
      fc.property(policies, runs, outcomes, fc.nat(30), (policy, run, outcome, attempt) => {
        const delay = (retryAt(policy, { run, attempt: attempt + 1 }, outcome, NOW) ?? NOW) - NOW;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(policy.retryMaxDelaySeconds * 1_000);
      }),
    );
  });

  it('waits as long as the job says, up to a fifth longer, and below the cap never shorter than before', () => {
    fc.assert(
      fc.property(policies, runs, fc.integer({ min: 1, max: 30 }), (policy, run, attempt) => {
        const all = { ...policy, retries: 40, retryOnExitCodes: null };
        const delay = (n: number): number => (retryAt(all, { run, attempt: n }, EXIT_1, NOW) ?? Number.NaN) - NOW;
        const said = (n: number): number =>
          policy.retryDelaySeconds * 1_000 * (policy.retryBackoff === 'exponential' ? 2 ** (n - 1) : 1);
        const most = (policy.retryMaxDelaySeconds * 1_000) / MOST_SPREAD;
        // Whole milliseconds: half of one is rounded away.
        expect(delay(attempt)).toBeGreaterThanOrEqual(Math.min(said(attempt), most) - 1);
        expect(delay(attempt)).toBeLessThanOrEqual(Math.min(said(attempt), most) * MOST_SPREAD + 1);
        const grows = policy.retryBackoff === 'exponential' && said(attempt + 1) <= most;
        if (grows) expect(delay(attempt + 1)).toBeGreaterThanOrEqual(delay(attempt));
      }),
    );
  });
});
