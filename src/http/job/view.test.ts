import { describe, expect, it } from 'vitest';
import { cronDefinition, onceDefinition } from '../../../test/support/definitions.ts';
import { START } from '../../../test/support/clock.ts';
import type { JobDefinition } from '../../domain/job.ts';
import { toDefinition } from './definition.ts';
import { toBody } from './view.ts';
import { judgeJob } from './judge.ts';
import { newJobBody } from '../schema/job-body.ts';

const CONTEXT = { now: START, timezone: 'Europe/Berlin' };

const FULL = {
  name: 'full',
  description: 'x',
  tags: ['a', 'b'],
  command: 'echo',
  queue: 'host:web-1',
  priority: -100,
  overlap: 'queue',
  timeoutSeconds: 0.5,
  killGraceSeconds: 0,
  retries: 3,
  retryDelaySeconds: 0,
  retryBackoff: 'fixed',
  retryMaxDelaySeconds: 1,
  retryOnExitCodes: [1, 255],
  onLost: 'retry',
  lostAfterSeconds: 0,
  lateAfterSeconds: 1,
  env: { A: '1' },
  cwd: '/',
  shell: 'bash',
  stdin: 'in\0put',
  keepRuns: 1,
  keepFailedRuns: 0,
  keepDays: 1,
  outputLimitBytes: 1_024,
} as const;

describe('a job, to the wire and back', () => {
  it.each<[string, JobDefinition]>([
    ['once', onceDefinition()],
    ['once, later', onceDefinition({ ...FULL, runAt: START })],
    ['cron', cronDefinition()],
    [
      'cron, with all it can have',
      cronDefinition({
        ...FULL,
        timezone: 'America/New_York',
        startsAt: START,
        endsAt: START + 86_400_000,
        jitterSeconds: 60,
        misfire: 'all',
        misfireWindowSeconds: 0,
      }),
    ],
  ])('is the same: %s', (_, definition) => {
    const body = toBody(definition);
    expect(judgeJob(body, CONTEXT)).toEqual({ ok: true, value: definition });
    expect(toDefinition(body, CONTEXT)).toEqual(definition);
  });

  it('has every field that a body can have', () => {
    expect(Object.keys(toBody(cronDefinition())).toSorted()).toEqual(Object.keys(newJobBody.shape).toSorted());
    expect(Object.keys(toBody(onceDefinition())).toSorted()).toEqual(Object.keys(newJobBody.shape).toSorted());
  });
});
