/** Times as replies have them, when they should be, and how they are waited for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { SECOND, type Instant, type Millis } from '../../../src/domain/instant.ts';

/** What a machine that is busy with other things may add to a deadline. */
export const SLACK: Millis = 2 * SECOND;

/** NaN for null. */
export const at = (time: string | null | undefined): Instant => Date.parse(time ?? '');

export function expectBetween(value: Millis, from: Millis, to: Millis): void {
  expect(value).toBeGreaterThanOrEqual(from);
  expect(value).toBeLessThanOrEqual(to);
}

/** How long somebody is away is what these tests are about: it is the one thing that they wait for by the clock. */
export const sleepUntil = (time: Instant): Promise<void> => sleep(Math.max(0, time - Date.now()));
