/** The real program, on a real Redis, in everything that can happen to it at once: see `chaos.ts`. */
import { describe, expect, it } from 'vitest';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { long } from '../support/long.ts';
import { runChaos, type ChaosOptions } from './chaos.ts';
import { reportText } from './report.ts';

const SHORT: Omit<ChaosOptions, 'seed'> = {
  duration: 12 * SECOND,
  servers: 2,
  workers: 2,
  jobs: 20,
  periods: [2, 3, 5],
  lostAfter: [0],
};
const LONG: Omit<ChaosOptions, 'seed'> = { duration: 5 * MINUTE, servers: 3, workers: 3, jobs: 100 };

describe('servers and workers in chaos', () => {
  it.for([long ? Math.floor(Math.random() * 1_000_000) : 11])(
    'miss nothing, and do nothing early, twice or unseen (seed %i)',
    { timeout: long ? 20 * MINUTE : 4 * MINUTE },
    async (seed) => {
      const report = await runChaos({ ...(long ? LONG : SHORT), seed });
      expect(report.violations, reportText(report)).toEqual([]);
      expect(report.runs).toBeGreaterThan(20);
    },
  );
});
