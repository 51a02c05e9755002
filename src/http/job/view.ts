/** From a job as the domain has it to a job on the wire. The way back is in `definition.ts`. */
import type { CommonDefinition, Job, JobDefinition, RunSummary } from '../../domain/job.ts';
import type { JobVersion } from '../../store/jobs.ts';
import type { NewJobBody } from '../schema/job-body.ts';
import type { JobView, VersionView } from '../schema/job-view.ts';
import { scheduleWords } from './schedule-words.ts';
import { toWireTime, toWireTimeOrNull } from '../reply/wire-time.ts';

export function toJobView(job: Job): JobView {
  return {
    id: job.id,
    status: job.status,
    version: job.version,
    created_at: toWireTime(job.createdAt),
    updated_at: toWireTime(job.updatedAt),
    next_run_at: toWireTimeOrNull(job.nextSlot),
    last_run: job.lastRun && toSummaryView(job.lastRun),
    ...toDefinitionView(job.definition),
  };
}

export function toVersionView({ version, createdAt, definition }: JobVersion): VersionView {
  return { version, created_at: toWireTime(createdAt), ...toDefinitionView(definition) };
}

/** The body that would make the same job: what a patch is laid over. */
export function toBody(definition: JobDefinition): NewJobBody {
  return { ...toCommonView(definition), ...toTypeFields(definition) };
}

type DefinitionView = Omit<VersionView, 'version' | 'created_at'>;

function toDefinitionView(definition: JobDefinition): DefinitionView {
  const words = definition.type === 'once' ? null : scheduleWords(definition.schedule);
  return { ...toCommonView(definition), ...toTypeFields(definition), schedule_words: words };
}

type TypeFields =
  | 'type'
  | 'run_at'
  | 'schedule'
  | 'timezone'
  | 'starts_at'
  | 'ends_at'
  | 'jitter_seconds'
  | 'misfire'
  | 'misfire_window_seconds';

function toCommonView(definition: CommonDefinition): Omit<DefinitionView, TypeFields | 'schedule_words'> {
  return {
    name: definition.name,
    description: definition.description,
    tags: [...definition.tags],
    command: definition.command,
    queue: definition.queue,
    priority: definition.priority,
    overlap: definition.overlap,
    timeout_seconds: definition.timeoutSeconds,
    kill_grace_seconds: definition.killGraceSeconds,
    retries: definition.retries,
    retry_delay_seconds: definition.retryDelaySeconds,
    retry_backoff: definition.retryBackoff,
    retry_max_delay_seconds: definition.retryMaxDelaySeconds,
    retry_on_exit_codes: definition.retryOnExitCodes && [...definition.retryOnExitCodes],
    on_lost: definition.onLost,
    lost_after_seconds: definition.lostAfterSeconds,
    late_after_seconds: definition.lateAfterSeconds,
    env: { ...definition.env },
    cwd: definition.cwd,
    shell: definition.shell,
    stdin: definition.stdin,
    keep_runs: definition.keepRuns,
    keep_failed_runs: definition.keepFailedRuns,
    keep_days: definition.keepDays,
    output_limit_bytes: definition.outputLimitBytes,
  };
}

/** The fields of a schedule, as a job has them that has none. */
const NO_SCHEDULE = {
  schedule: '',
  timezone: null,
  starts_at: null,
  ends_at: null,
  jitter_seconds: null,
  misfire: null,
  misfire_window_seconds: null,
} as const satisfies Partial<DefinitionView>;

function toTypeFields(definition: JobDefinition): Pick<DefinitionView, TypeFields> {
  if (definition.type === 'once') {
    return { type: 'once', run_at: toWireTimeOrNull(definition.runAt), ...NO_SCHEDULE };
  }
  return {
    type: 'cron',
    run_at: null,
    schedule: definition.schedule,
    timezone: definition.timezone,
    starts_at: toWireTimeOrNull(definition.startsAt),
    ends_at: toWireTimeOrNull(definition.endsAt),
    jitter_seconds: definition.jitterSeconds,
    misfire: definition.misfire,
    misfire_window_seconds: definition.misfireWindowSeconds,
  };
}

function toSummaryView(run: RunSummary): NonNullable<JobView['last_run']> {
  return {
    id: run.id,
    number: run.number,
    status: run.status,
    reason: run.reason,
    started_at: toWireTimeOrNull(run.startedAt),
    finished_at: toWireTimeOrNull(run.finishedAt),
  };
}
