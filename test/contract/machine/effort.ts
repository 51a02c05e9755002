/** How much a property over histories tries: a number of histories, or fewer when the machine is busy with other things. */
import fc, { type Parameters } from 'fast-check';
import { MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { long } from '../../support/long.ts';

const LONGEST = long ? 15 * MINUTE : 6 * SECOND;

/** For `fc.assert`. Histories that no time is left for are not tried; a failing one is still shrunk in that time. */
export const EFFORT: Parameters<unknown> = {
  numRuns: long ? 2_500 : 50,
  plugins: [fc.interruptAfterTimeLimit(LONGEST)],
};

/** For `it`: far beyond the effort, so that it means a history that hangs. */
export const TIMEOUT = LONGEST + 2 * MINUTE;
