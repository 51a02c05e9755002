/** How a job has fared, by the newest of its runs. */
import type { Instant, Millis } from '../../domain/instant.ts';
import { isLate } from '../../domain/late.ts';
import type { Run, RunStatus } from '../../domain/run.ts';
import { toWireTimeOrNull } from '../reply/wire-time.ts';
import { RUNS_SHOWN, type JobStats } from '../schema/stats.ts';

/** @param runs newest first. @param now the engine's. */
export function toJobStats(runs: readonly Run[], now: Instant): JobStats {
  const count = (status: RunStatus): number => runs.filter((run) => run.status === status).length;
  const durations = runs.flatMap(({ status, durationMs }) =>
    status === 'succeeded' && durationMs !== null ? [durationMs] : [],
  );
  const lateness = runs.flatMap((run) => latenessOf(run));
  return {
    runs: runs.length,
    ended: {
      succeeded: count('succeeded'),
      failed: count('failed'),
      cancelled: count('cancelled'),
      skipped: count('skipped'),
    },
    late: runs.filter((run) => isLate(run, now)).length,
    duration_ms: { p50: rankOf(durations, 0.5), p95: rankOf(durations, 0.95) },
    lateness_ms: { p50: rankOf(lateness, 0.5), p95: rankOf(lateness, 0.95) },
    last: runs.slice(0, RUNS_SHOWN).map(({ id, number, status, reason, startedAt, durationMs }) => ({
      id,
      number,
      status,
      reason,
      started_at: toWireTimeOrNull(startedAt),
      duration_ms: durationMs,
    })),
  };
}

/** Only of runs that have a time to keep. */
function latenessOf({ scheduledFor, startedAt }: Run): Millis[] {
  return scheduledFor === null || startedAt === null ? [] : [Math.max(0, startedAt - scheduledFor)];
}

/** The smallest of the values that the share does not exceed; null of none. */
function rankOf(values: readonly Millis[], share: number): Millis | null {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null;
}
