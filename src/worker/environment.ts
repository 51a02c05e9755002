/**
 * What a command finds in its environment: what the worker gives every command (made in `config/child-environment.ts`,
 * which takes over nothing of the daemon's own but what it names), then the job's `env`, then the run's `JOBSCHED_*`.
 */
import type { Instant } from '../domain/instant.ts';
import type { ClaimedRun } from '../store/leases.ts';

export type Environment = Readonly<Record<string, string>>;

/** No job may set these: one that could would pass for another. */
const RESERVED = 'JOBSCHED_';

export function commandEnvironment(base: Environment, claimed: ClaimedRun): Environment {
  return { ...base, ...withoutReserved(claimed.definition.env), ...runVariables(claimed) };
}

function runVariables({ jobId, jobName, run, attempt, fence, scheduledFor }: ClaimedRun): Environment {
  return {
    JOBSCHED_JOB_ID: jobId,
    JOBSCHED_JOB_NAME: jobName ?? '',
    JOBSCHED_RUN_ID: run,
    JOBSCHED_ATTEMPT: String(attempt),
    JOBSCHED_FENCE: String(fence),
    JOBSCHED_SCHEDULED_FOR: scheduledFor === null ? '' : rfc3339(scheduledFor),
  };
}

function withoutReserved(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith(RESERVED)));
}

/** In UTC, with milliseconds only where there are any. */
function rfc3339(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
