/** The real program, on a real Redis, in everything that can happen to it at once: see `chaos.ts`. */
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { long } from '../support/long.ts';
import { seed } from '../support/seed.ts';
import { runChaos, type ChaosOptions } from './chaos.ts';
import type { FaultKind, PlannedFault } from './fault-plan.ts';
import { reportText } from './report.ts';

/** All that fits into twenty seconds: what leases are there for at first, and what passes while those lapse. */
const PLAN: readonly PlannedFault[] = [
  { kind: 'cut off worker', at: 1.2, lasts: 17, target: 0 },
  { kind: 'freeze worker', at: 1.3, lasts: 17, target: 1 },
  { kind: 'kill worker', at: 1.5, lasts: 0, target: 2 },
  { kind: 'kill server', at: 3, lasts: 0, target: 0 },
  { kind: 'lose replies', at: 4, lasts: 2, target: 0 },
  // The only one that works now, and within any five seconds it has begun something that takes five.
  { kind: 'kill worker', at: 6.6, lasts: 0, target: 2 },
  { kind: 'kill redis', at: 7, lasts: 1, target: 0 },
  { kind: 'set clock of server', at: 8, lasts: 4, target: 1 },
  { kind: 'flush scripts', at: 10, lasts: 0, target: 0 },
  { kind: 'kill clients', at: 11, lasts: 0, target: 0 },
  { kind: 'fill redis', at: 12, lasts: 1.5, target: 0 },
  { kind: 'delay all', at: 14, lasts: 2, target: 0 },
  { kind: 'freeze server', at: 15, lasts: 2, target: 0 },
  { kind: 'keep redis busy', at: 17, lasts: 1, target: 0 },
  { kind: 'refuse writes', at: 18.5, lasts: 1, target: 0 },
  { kind: 'restart worker', at: 19, lasts: 0, target: 2 },
].map(({ kind, at, lasts, target }) => ({
  kind: kind as FaultKind,
  at: at * SECOND,
  lasts: lasts * SECOND,
  target,
}));
const SHORT: Omit<ChaosOptions, 'seed'> = {
  duration: 20 * SECOND,
  servers: 2,
  workers: 3,
  // So that each of the workers has some of what begins at first.
  concurrency: 8,
  jobs: 20,
  periods: [5, 10],
  lostAfter: [0],
  plan: PLAN,
};
const LONG: Omit<ChaosOptions, 'seed'> = { duration: 5 * MINUTE, servers: 3, workers: 3, jobs: 100 };

describe('servers and workers in chaos', () => {
  it.for([long ? seed : 11])(
    'miss nothing, and do nothing early, twice or unseen (seed %i)',
    { timeout: long ? 20 * MINUTE : 4 * MINUTE },
    async (from) => {
      const report = await runChaos({ ...(long ? LONG : SHORT), seed: from });
      expect(report.violations, reportText(report)).toEqual([]);
      expect(report.runs).toBeGreaterThan(20);
      expect(report.lost).toBeGreaterThan(0);
    },
  );
});
