/** What a client sends to make or edit jobs. Rules between fields are in `../job/rules.ts`. */
import { z } from 'zod';
import { COMMON_DEFAULTS, CRON_DEFAULTS } from '../../domain/job.ts';
import { commonFields, commonNullableFields, cronFields, scheduleText, timezoneName } from './job-fields.ts';
import { timeGiven } from './scalar.ts';

/** A field that may be left out; null says the same. `fallback` is what it is then, for the documentation. */
function optional<S extends z.ZodType>(schema: S, fallback: unknown): z.ZodOptional<z.ZodNullable<S>> {
  return schema.nullish().meta({ default: fallback });
}

const common = {
  description: optional(commonFields.description, COMMON_DEFAULTS.description),
  tags: optional(commonFields.tags, COMMON_DEFAULTS.tags),
  queue: optional(commonFields.queue, COMMON_DEFAULTS.queue),
  priority: optional(commonFields.priority, COMMON_DEFAULTS.priority),
  overlap: optional(commonFields.overlap, COMMON_DEFAULTS.overlap),
  timeout_seconds: optional(commonNullableFields.timeout_seconds, COMMON_DEFAULTS.timeoutSeconds),
  kill_grace_seconds: optional(commonFields.kill_grace_seconds, COMMON_DEFAULTS.killGraceSeconds),
  retries: optional(commonFields.retries, COMMON_DEFAULTS.retries),
  retry_delay_seconds: optional(commonFields.retry_delay_seconds, COMMON_DEFAULTS.retryDelaySeconds),
  retry_backoff: optional(commonFields.retry_backoff, COMMON_DEFAULTS.retryBackoff),
  retry_max_delay_seconds: optional(commonFields.retry_max_delay_seconds, COMMON_DEFAULTS.retryMaxDelaySeconds),
  retry_on_exit_codes: optional(commonNullableFields.retry_on_exit_codes, COMMON_DEFAULTS.retryOnExitCodes),
  on_lost: optional(commonNullableFields.on_lost, COMMON_DEFAULTS.onLost),
  lost_after_seconds: optional(commonFields.lost_after_seconds, COMMON_DEFAULTS.lostAfterSeconds),
  late_after_seconds: optional(commonNullableFields.late_after_seconds, COMMON_DEFAULTS.lateAfterSeconds),
  env: optional(commonFields.env, COMMON_DEFAULTS.env),
  cwd: optional(commonNullableFields.cwd, COMMON_DEFAULTS.cwd),
  shell: optional(commonFields.shell, COMMON_DEFAULTS.shell),
  stdin: optional(commonNullableFields.stdin, COMMON_DEFAULTS.stdin),
  keep_runs: optional(commonFields.keep_runs, COMMON_DEFAULTS.keepRuns),
  keep_failed_runs: optional(commonFields.keep_failed_runs, COMMON_DEFAULTS.keepFailedRuns),
  keep_days: optional(commonFields.keep_days, COMMON_DEFAULTS.keepDays),
  output_limit_bytes: optional(commonFields.output_limit_bytes, COMMON_DEFAULTS.outputLimitBytes),
} as const;

const once = {
  run_at: timeGiven
    .nullish()
    .describe('When a once job runs. One that has passed, or none: at once. Only for once jobs.'),
} as const;

const cron = {
  timezone: timezoneName
    .nullish()
    .describe("IANA name of the schedule's zone. Default: the server's. Only for cron jobs."),
  starts_at: timeGiven.nullish().describe('No slot before this; `@every` counts from it. Only for cron jobs.'),
  ends_at: timeGiven.nullish().describe('No slot at or after this. Only for cron jobs.'),
  jitter_seconds: optional(cronFields.jitter_seconds, CRON_DEFAULTS.jitterSeconds),
  misfire: optional(cronFields.misfire, CRON_DEFAULTS.misfire),
  misfire_window_seconds: optional(cronFields.misfire_window_seconds, CRON_DEFAULTS.misfireWindowSeconds),
} as const;

const type = z
  .enum(['once', 'cron'])
  .nullish()
  .describe('`cron` when there is a schedule, `once` when there is none. May be left out, but must agree.');

const schedule = scheduleText.nullish().meta({ default: '' });

/** `POST /api/jobs`: one job. */
export const newJobBody = z
  .strictObject({
    command: commonFields.command,
    type,
    schedule,
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'must be 1 to 64 of A-Z a-z 0-9 _ . -, the first a letter or digit')
      .refine((name) => !z.guid().safeParse(name).success, 'must not look like an id')
      .nullish()
      .describe('Unique; 1 to 64 of `A-Z a-z 0-9 _ . -`, the first a letter or digit, no UUID. Never changes.'),
    ...common,
    ...once,
    ...cron,
  })
  .meta({
    id: 'NewJob',
    description: 'A job to be made. Only `command` is needed, and for a cron job `schedule`. Null means the default.',
  });
export type NewJobBody = z.input<typeof newJobBody>;

/** How many jobs one request may make. */
export const MOST_BULK_JOBS = 1_000;

/** `POST /api/jobs`: many jobs. Each is judged for itself, so that one bad job does not stop the others. */
export const bulkBody = z
  .strictObject({
    jobs: z
      .array(z.unknown().meta({ $ref: '#/components/schemas/NewJob' }))
      .min(1)
      .max(MOST_BULK_JOBS)
      .describe('1 to 1,000 jobs.'),
  })
  .meta({ id: 'NewJobs', description: 'Several jobs to be made. Each succeeds or fails for itself.' });

/**
 * `PATCH /api/jobs/:ref`: a JSON merge patch (RFC 7396) of the job's fields. What is left out stays as it is, null goes
 * back to the default. The result is judged like a new job. `name` and `type` may be sent, but not changed.
 */
export const patchBody = z
  .strictObject(newJobBody.shape)
  .partial()
  .meta({ id: 'JobPatch', description: 'The fields to change. Null means the default; what is left out stays.' });
export type PatchBody = z.input<typeof patchBody>;

/** Fields of a job that runs once: what a run by hand may have otherwise than its job. */
export const changesBody = newJobBody
  .omit({ type: true, schedule: true, timezone: true, starts_at: true, ends_at: true })
  .omit({ jitter_seconds: true, misfire: true, misfire_window_seconds: true })
  .partial()
  .meta({ id: 'Changes', description: 'Fields of a once job. Null means the default; what is left out is as it was.' });

/** `POST …/run` and `…/retry`. The body may be left out. */
export const triggerBody = z
  .strictObject({
    force: z.boolean().optional().meta({
      description: 'Run although a run of the job is live and its overlap policy says no.',
      default: false,
    }),
    changes: changesBody
      .optional()
      .describe(
        'Make a new once job with these fields instead of a run of the job itself, which stays as it is. It has no name ' +
          'unless one is given.',
      ),
  })
  .meta({ id: 'Trigger', description: 'How to run a job by hand.' });
export type TriggerBody = z.input<typeof triggerBody>;
