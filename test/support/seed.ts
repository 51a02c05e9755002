/** What tests that take chances draw from. Their names tell the seed; `JOBSCHED_TEST_SEED=7` makes the same choices again. */
import { randomInt } from 'node:crypto';

export const seed: number = Number(process.env['JOBSCHED_TEST_SEED'] ?? randomInt(1_000_000));
