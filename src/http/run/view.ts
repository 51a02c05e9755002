/** Runs and attempts on the wire. */
import { isLate } from '../../domain/late.ts';
import type { Attempt, Outcome, Run } from '../../domain/run.ts';
import type { AttemptView, RunView } from '../schema/run-view.ts';
import type { RunContext } from './context.ts';
import { waitingFor } from './waiting.ts';
import { toWireTime, toWireTimeOrNull } from '../reply/wire-time.ts';

export function toRunView(run: Run, context: RunContext): RunView {
  return {
    id: run.id,
    job_id: run.jobId,
    job_name: run.jobName,
    number: run.number,
    status: run.status,
    reason: run.reason,
    detail: run.detail,
    trigger: run.trigger,
    scheduled_for: toWireTimeOrNull(run.scheduledFor),
    created_at: toWireTime(run.createdAt),
    started_at: toWireTimeOrNull(run.startedAt),
    finished_at: toWireTimeOrNull(run.finishedAt),
    duration_ms: run.durationMs,
    left_running: run.leftRunning,
    queue: run.queue,
    priority: run.priority,
    ready_at: toWireTimeOrNull(run.readyAt),
    waiting_for: waitingFor(run, context),
    attempt: run.attempt,
    worker: run.worker,
    exit_code: run.exitCode,
    signal: run.signal,
    cancel_requested: run.cancelRequested,
    contact_lost: run.contactLostAt !== null,
    contact_lost_at: toWireTimeOrNull(run.contactLostAt),
    late: isLate(run, context.now),
    late_at: toWireTimeOrNull(run.lateAt),
    output_bytes: run.outputBytes,
    output_truncated: run.outputTruncated,
    skipped: run.skipped && {
      first: toWireTime(run.skipped.first),
      last: toWireTime(run.skipped.last),
      count: run.skipped.count,
      at_least: run.skipped.atLeast,
    },
  };
}

export function toAttemptView(attempt: Attempt): AttemptView {
  return {
    number: attempt.number,
    job_version: attempt.version,
    worker: attempt.worker,
    started_at: toWireTime(attempt.startedAt),
    finished_at: toWireTimeOrNull(attempt.finishedAt),
    duration_ms: attempt.durationMs,
    ...toOutcomeView(attempt.outcome),
    left_running: attempt.leftRunning,
    output_bytes: attempt.outputBytes,
    output_dropped: attempt.outputDropped,
  };
}

type OutcomeView = Pick<AttemptView, 'status' | 'reason' | 'detail' | 'exit_code' | 'signal'>;

function toOutcomeView(outcome: Outcome | null): OutcomeView {
  const none = { status: 'running', reason: null, detail: null, exit_code: null, signal: null } as const;
  if (outcome === null) return none;
  if (outcome.status === 'succeeded') return { ...none, status: 'succeeded', exit_code: 0 };
  return {
    status: outcome.status,
    reason: 'reason' in outcome ? outcome.reason : null,
    detail: 'detail' in outcome ? outcome.detail : null,
    exit_code: 'exitCode' in outcome ? (outcome.exitCode ?? null) : null,
    signal: 'signal' in outcome ? (outcome.signal ?? null) : null,
  };
}
