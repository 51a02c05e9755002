/** From a job as a request has it to a job as the domain has it: every default is resolved here. */
import {
  COMMON_DEFAULTS,
  CRON_DEFAULTS,
  type CommonDefinition,
  type CronDefinition,
  type JobDefinition,
} from '../../domain/job.ts';
import { typeOf } from './rules.ts';
import type { NewJobBody } from '../schema/job-body.ts';
import { toScheduleSpec, type ScheduleContext } from './schedule-spec.ts';
import { fromWireTimeOrNull } from '../reply/wire-time.ts';

/**
 * @param body valid by itself and by the rules.
 * @throws JobschedError `invalid_schedule` for an unknown time zone.
 */
export function toDefinition(body: NewJobBody, context: ScheduleContext): JobDefinition {
  const common = toCommon(body);
  if (typeOf(body) === 'once') return { ...common, type: 'once', runAt: fromWireTimeOrNull(body.run_at) };
  return { ...common, ...toCron(body, context), type: 'cron' };
}

/** One line a field, rather than a loop over names: the compiler checks each. */
// oxlint-disable-next-line complexity -- a list: what one field is decides nothing about another
function toCommon(body: NewJobBody): CommonDefinition {
  return {
    name: body.name ?? COMMON_DEFAULTS.name,
    description: body.description ?? COMMON_DEFAULTS.description,
    tags: body.tags ?? COMMON_DEFAULTS.tags,
    command: body.command,
    queue: body.queue ?? COMMON_DEFAULTS.queue,
    priority: body.priority ?? COMMON_DEFAULTS.priority,
    overlap: body.overlap ?? COMMON_DEFAULTS.overlap,
    timeoutSeconds: body.timeout_seconds ?? COMMON_DEFAULTS.timeoutSeconds,
    killGraceSeconds: body.kill_grace_seconds ?? COMMON_DEFAULTS.killGraceSeconds,
    retries: body.retries ?? COMMON_DEFAULTS.retries,
    retryDelaySeconds: body.retry_delay_seconds ?? COMMON_DEFAULTS.retryDelaySeconds,
    retryBackoff: body.retry_backoff ?? COMMON_DEFAULTS.retryBackoff,
    retryMaxDelaySeconds: body.retry_max_delay_seconds ?? COMMON_DEFAULTS.retryMaxDelaySeconds,
    retryOnExitCodes: body.retry_on_exit_codes ?? COMMON_DEFAULTS.retryOnExitCodes,
    onLost: body.on_lost ?? COMMON_DEFAULTS.onLost,
    lostAfterSeconds: body.lost_after_seconds ?? COMMON_DEFAULTS.lostAfterSeconds,
    lateAfterSeconds: body.late_after_seconds ?? COMMON_DEFAULTS.lateAfterSeconds,
    env: body.env ?? COMMON_DEFAULTS.env,
    cwd: body.cwd ?? COMMON_DEFAULTS.cwd,
    shell: body.shell ?? COMMON_DEFAULTS.shell,
    stdin: body.stdin ?? COMMON_DEFAULTS.stdin,
    keepRuns: body.keep_runs ?? COMMON_DEFAULTS.keepRuns,
    keepFailedRuns: body.keep_failed_runs ?? COMMON_DEFAULTS.keepFailedRuns,
    keepDays: body.keep_days ?? COMMON_DEFAULTS.keepDays,
    outputLimitBytes: body.output_limit_bytes ?? COMMON_DEFAULTS.outputLimitBytes,
  };
}

function toCron(body: NewJobBody, context: ScheduleContext): Omit<CronDefinition, keyof CommonDefinition | 'type'> {
  return {
    ...toScheduleSpec(body, context),
    jitterSeconds: body.jitter_seconds ?? CRON_DEFAULTS.jitterSeconds,
    misfire: body.misfire ?? CRON_DEFAULTS.misfire,
    misfireWindowSeconds: body.misfire_window_seconds ?? CRON_DEFAULTS.misfireWindowSeconds,
  };
}
