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
  if (typeOf(body) === 'once') return { type: 'once', ...common, runAt: fromWireTimeOrNull(body.run_at) };
  return { type: 'cron', ...common, ...toCron(body, context) };
}

/** One line a field, rather than a loop over names: the compiler checks each. */
function toCommon(body: NewJobBody): CommonDefinition {
  return {
    name: body.name ?? COMMON_DEFAULTS.name,
    description: body.description ?? COMMON_DEFAULTS.description,
    tags: body.tags ?? COMMON_DEFAULTS.tags,
    queue: body.queue ?? COMMON_DEFAULTS.queue,
    priority: body.priority ?? COMMON_DEFAULTS.priority,
    overlap: body.overlap ?? COMMON_DEFAULTS.overlap,
    lateAfterSeconds: body.late_after_seconds ?? COMMON_DEFAULTS.lateAfterSeconds,
    ...toExecution(body),
    ...toRetries(body),
    ...toKeeping(body),
  };
}

type Execution = 'command' | 'shell' | 'env' | 'cwd' | 'stdin' | 'timeoutSeconds' | 'killGraceSeconds';

function toExecution(body: NewJobBody): Pick<CommonDefinition, Execution> {
  return {
    command: body.command,
    shell: body.shell ?? COMMON_DEFAULTS.shell,
    env: body.env ?? COMMON_DEFAULTS.env,
    cwd: body.cwd ?? COMMON_DEFAULTS.cwd,
    stdin: body.stdin ?? COMMON_DEFAULTS.stdin,
    timeoutSeconds: body.timeout_seconds ?? COMMON_DEFAULTS.timeoutSeconds,
    killGraceSeconds: body.kill_grace_seconds ?? COMMON_DEFAULTS.killGraceSeconds,
  };
}

type Retries =
  | 'retries'
  | 'retryDelaySeconds'
  | 'retryBackoff'
  | 'retryMaxDelaySeconds'
  | 'retryOnExitCodes'
  | 'onLost'
  | 'lostAfterSeconds';

function toRetries(body: NewJobBody): Pick<CommonDefinition, Retries> {
  return {
    retries: body.retries ?? COMMON_DEFAULTS.retries,
    retryDelaySeconds: body.retry_delay_seconds ?? COMMON_DEFAULTS.retryDelaySeconds,
    retryBackoff: body.retry_backoff ?? COMMON_DEFAULTS.retryBackoff,
    retryMaxDelaySeconds: body.retry_max_delay_seconds ?? COMMON_DEFAULTS.retryMaxDelaySeconds,
    retryOnExitCodes: body.retry_on_exit_codes ?? COMMON_DEFAULTS.retryOnExitCodes,
    onLost: body.on_lost ?? COMMON_DEFAULTS.onLost,
    lostAfterSeconds: body.lost_after_seconds ?? COMMON_DEFAULTS.lostAfterSeconds,
  };
}

type Keeping = 'keepRuns' | 'keepFailedRuns' | 'keepDays' | 'outputLimitBytes';

function toKeeping(body: NewJobBody): Pick<CommonDefinition, Keeping> {
  return {
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
