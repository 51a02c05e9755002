import { describe, expect, it } from 'vitest';
import { didYouMean } from './did-you-mean.ts';
import { newJobBody } from '../schema/job-body.ts';

const FIELDS = Object.keys(newJobBody.shape);

describe('did you mean', () => {
  it.each([
    ['comand', 'command'],
    ['Command', 'command'],
    ['runAt', 'run_at'],
    ['timeout', 'timeout_seconds'],
    ['shcedule', 'schedule'],
    ['retrys', 'retries'],
    ['time_zone', 'timezone'],
    ['time-zone', 'timezone'],
    ['x', null],
    ['', null],
    ['constructor', null],
    ['x'.repeat(100_000), null],
  ])('%s', (given, meant) => {
    expect(didYouMean(given, FIELDS)).toBe(meant);
  });
});
