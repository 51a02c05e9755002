import { describe, expect, it } from 'vitest';
import { claimedRun } from '../../test/support/claimed-run.ts';
import { onceDefinition } from '../../test/support/definitions.ts';
import { commandEnvironment } from './environment.ts';

describe('commandEnvironment', () => {
  it('tells the command who it is', () => {
    const claimed = claimedRun({ attempt: 2, fence: 7, jobName: 'nightly', scheduledFor: Date.UTC(2030, 0, 1, 2) });
    expect(commandEnvironment({}, claimed)).toEqual({
      JOBSCHED_JOB_ID: claimed.jobId,
      JOBSCHED_JOB_NAME: 'nightly',
      JOBSCHED_RUN_ID: claimed.run,
      JOBSCHED_ATTEMPT: '2',
      JOBSCHED_FENCE: '7',
      JOBSCHED_SCHEDULED_FOR: '2030-01-01T02:00:00Z',
    });
  });

  it('lets the job add to what every command gets, and change it', () => {
    const claimed = claimedRun({ definition: onceDefinition({ env: { PATH: '/mine', EXTRA: '' } }) });
    expect(commandEnvironment({ PATH: '/bin', HOME: '/root' }, claimed)).toMatchObject({
      PATH: '/mine',
      HOME: '/root',
      EXTRA: '',
    });
  });

  it('lets no job pass for another', () => {
    const env = { JOBSCHED_FENCE: '99', JOBSCHED_REDIS_URL: 'x' };
    const given = commandEnvironment(
      { JOBSCHED_SERVER: 'passed on purpose' },
      claimedRun({ definition: onceDefinition({ env }) }),
    );
    expect(given['JOBSCHED_FENCE']).toBe('1');
    expect(given).not.toHaveProperty('JOBSCHED_REDIS_URL');
    expect(given['JOBSCHED_SERVER']).toBe('passed on purpose');
  });
});
