/** From a job as the domain has it to a job on the wire. The way back is in `definition.ts`. */
import type { Instant } from '../../domain/instant.ts';
import type { Job, JobDefinition, RunSummary } from '../../domain/job.ts';
import { includesRole } from '../../domain/role.ts';
import { isLate, isOverdue } from '../../domain/late.ts';
import type { JobVersion } from '../../store/jobs.ts';
import type { Caller } from '../guard/caller.ts';
import type { NewJobBody } from '../schema/job-body.ts';
import type { CheckedJob, JobView, VersionView } from '../schema/job-view.ts';
import type { Judgement } from './make.ts';
import { scheduleWords } from './schedule-words.ts';
import { toWireTime, toWireTimeOrNull } from '../reply/wire-time.ts';

/** @param now the engine's; or `updatedAt`, for a job that was just made or changed: none of its slots has come since. */
export function toJobView(job: Job, now: Instant): JobView {
  const head = {
    id: job.id,
    status: job.status,
    version: job.version,
    created_at: toWireTime(job.createdAt),
    updated_at: toWireTime(job.updatedAt),
    next_run_at: toWireTimeOrNull(job.nextSlot),
    overdue: isOverdue(job, now),
    last_run: job.lastRun && toSummaryView(job.lastRun, now),
  };
  return { ...withFields(head, job.definition), schedule_words: wordsOf(job.definition) };
}

export function toVersionView({ version, createdAt, definition }: JobVersion): VersionView {
  const head = { version, created_at: toWireTime(createdAt) };
  return { ...withFields(head, definition), schedule_words: wordsOf(definition) };
}

export function toCheckedJob({ definition, slot }: Judgement): CheckedJob {
  return {
    ...withFields({ next_run_at: toWireTimeOrNull(slot) }, definition),
    schedule_words: wordsOf(definition),
  };
}

/** The body that would make the same job: what a patch is laid over. */
export function toBody(definition: JobDefinition): NewJobBody {
  return withFields({}, definition);
}

/** The fields of a definition, as bodies have them too. */
type Fields = Omit<VersionView, 'version' | 'created_at' | 'schedule_words'>;

function wordsOf(definition: JobDefinition): string | null {
  return definition.type === 'once' ? null : scheduleWords(definition.schedule);
}

/**
 * In the order in which people read them. One literal, though a long one, and what is spread stands first in it: engines
 * make such objects in one go, and every reply with a job makes one.
 */
function withFields<Head extends object>(head: Head, definition: JobDefinition): Head & Fields {
  const once = definition.type === 'once' ? definition : null;
  const cron = definition.type === 'cron' ? definition : null;
  return {
    ...head,
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
    type: definition.type,
    run_at: toWireTimeOrNull(once?.runAt ?? null),
    schedule: cron?.schedule ?? '',
    timezone: cron?.timezone ?? null,
    starts_at: toWireTimeOrNull(cron?.startsAt ?? null),
    ends_at: toWireTimeOrNull(cron?.endsAt ?? null),
    jitter_seconds: cron?.jitterSeconds ?? null,
    misfire: cron?.misfire ?? null,
    misfire_window_seconds: cron?.misfireWindowSeconds ?? null,
  };
}

function toSummaryView(run: RunSummary, now: Instant): NonNullable<JobView['last_run']> {
  return {
    id: run.id,
    number: run.number,
    status: run.status,
    reason: run.reason,
    started_at: toWireTimeOrNull(run.startedAt),
    finished_at: toWireTimeOrNull(run.finishedAt),
    contact_lost: run.contactLostAt !== null,
    late: isLate(run, now),
    late_at: toWireTimeOrNull(run.lateAt),
  };
}

/** What stands for a value in `env`, and for `stdin`. */
const MASK = '***';

/**
 * What the caller may see of a job: the values in `env` and what the command reads are passwords often enough, so who may
 * not run a job with them does not see them.
 */
export function seenBy<View extends Pick<JobView, 'env' | 'stdin'>>(caller: Caller | null, view: View): View {
  if (caller !== null && includesRole(caller.role, 'operator')) return view;
  const env = Object.fromEntries(Object.keys(view.env).map((name) => [name, MASK]));
  return { ...view, env, stdin: view.stdin === null ? null : MASK };
}
