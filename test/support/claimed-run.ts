/** A run as a worker claims it, from the few fields that a test is about. */
import { randomUUID } from 'node:crypto';
import { jobId, runId } from '../../src/domain/id.ts';
import type { ClaimedRun } from '../../src/store/leases.ts';
import { onceDefinition } from './definitions.ts';

export function claimedRun(fields: Partial<ClaimedRun> = {}): ClaimedRun {
  const job = jobId(randomUUID());
  return {
    run: runId(job, 1),
    fence: 1,
    jobId: job,
    jobName: null,
    number: 1,
    attempt: 1,
    trigger: 'submit',
    scheduledFor: null,
    version: 1,
    definition: onceDefinition(),
    cancelRequested: false,
    ...fields,
  };
}
