/** A job as replies show it. */
import { z } from 'zod';
import { RUN_STATUSES } from '../../domain/run.ts';
import { commonFields, commonNullableFields, cronFields, scheduleText, timezoneName } from './job-fields.ts';
import { problem } from './problem.ts';
import { count, jobIdText, runIdText, time } from './scalar.ts';

export const JOB_STATUSES = [...RUN_STATUSES, 'scheduled', 'paused', 'finished'] as const;
export const jobStatus = z
  .enum(JOB_STATUSES)
  .describe(
    "A once job's is its latest run's. A cron job's is `scheduled`, `paused`, or `finished` when no slot is left.",
  );

const nullable = <S extends z.ZodType>(schema: S): z.ZodNullable<S> => schema.nullable();

/** What the job is, as opposed to how it fares. Fields that its type does not have are null. */
const definitionShape = {
  name: z.string().nullable().describe('Unique, or null for a job that goes by its id.'),
  type: z.enum(['once', 'cron']).describe('Whether it runs once or on a schedule.'),
  ...commonFields,
  timeout_seconds: nullable(commonNullableFields.timeout_seconds),
  retry_on_exit_codes: nullable(commonNullableFields.retry_on_exit_codes),
  on_lost: nullable(commonNullableFields.on_lost),
  late_after_seconds: nullable(commonNullableFields.late_after_seconds),
  cwd: nullable(commonNullableFields.cwd),
  stdin: nullable(commonNullableFields.stdin),
  run_at: time.nullable().describe('When a once job runs; null: at once, or a cron job.'),
  schedule: scheduleText.describe('As it was written; empty for a once job.'),
  schedule_words: z
    .string()
    .nullable()
    .describe('The schedule in English, for people. Null for a once job.')
    .meta({ examples: ['Every 10 seconds'] }),
  timezone: nullable(timezoneName),
  starts_at: time.nullable().describe('No slot before this.'),
  ends_at: time.nullable().describe('No slot at or after this.'),
  jitter_seconds: nullable(cronFields.jitter_seconds),
  misfire: nullable(cronFields.misfire),
  misfire_window_seconds: nullable(cronFields.misfire_window_seconds),
} as const;

export const runSummary = z
  .strictObject({
    id: runIdText.describe("The run's id."),
    number: z.int().min(1).describe('Its number within the job.'),
    status: z.enum(RUN_STATUSES).describe('Where it stands.'),
    reason: z.string().nullable().describe('Why it failed, was skipped or cancelled; else null.'),
    started_at: time.nullable().describe('When its first attempt started.'),
    finished_at: time.nullable().describe('When it ended.'),
    contact_lost: z.boolean().describe('Whether its worker is out of contact.'),
    late: z.boolean().describe("Whether it started, or still waits, later than its job's `late_after_seconds`."),
    late_at: time.nullable().describe('A start after this is late. Null: its job does not say.'),
  })
  .meta({ id: 'RunSummary', description: 'The latest run of a job, in short.' });

export const jobView = z
  .strictObject({
    id: jobIdText.describe("The job's id."),
    status: jobStatus,
    version: z.int().min(1).describe('Raised by every edit. The `ETag`, in quotes.'),
    created_at: time.describe('When it was made.'),
    updated_at: time.describe('When it was last edited, paused or resumed.'),
    next_run_at: time.nullable().describe('Its next slot. Null for once jobs, paused ones, and when none is left.'),
    overdue: z.boolean().describe('Whether that slot came more than 10 s ago, and no scheduler has fired it.'),
    last_run: runSummary.nullable().describe('Its latest run, or null before the first.'),
    ...definitionShape,
  })
  .meta({ id: 'Job', description: 'A job: what was asked for, and how it fares.' });
export type JobView = z.infer<typeof jobView>;

export const jobList = z
  .strictObject({
    jobs: z.array(jobView).describe('Newest first. May be shorter than asked and still have a `next_cursor`.'),
    next_cursor: z.string().nullable().describe('Give it as `cursor` to read on. Null: this was the last page.'),
  })
  .meta({ id: 'JobList', description: 'A page of jobs.' });
export type JobList = z.infer<typeof jobList>;

export const versionView = z
  .strictObject({
    version: z.int().min(1).describe('1 for the job as it was made.'),
    created_at: time.describe('When it became the current one.'),
    ...definitionShape,
  })
  .meta({ id: 'JobVersion', description: 'What a job was at one of its versions.' });
export type VersionView = z.infer<typeof versionView>;

export const versionList = z
  .strictObject({ versions: z.array(versionView).describe('The last 10, newest first.') })
  .meta({ id: 'JobVersions', description: 'The versions of a job that are kept.' });
export type VersionList = z.infer<typeof versionList>;

export const bulkItem = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('created').describe('The job was made.'),
      job: jobView.describe('The job.'),
    }),
    z.strictObject({
      status: z.literal('existing').describe('An earlier request with this Idempotency-Key had made it.'),
      job: jobView.describe('The job as it is now.'),
    }),
    z.strictObject({
      status: z.literal('refused').describe('The job was not made.'),
      problem: problem.describe('Why not. `field` starts with the place: `jobs[3].schedule`.'),
    }),
  ])
  .meta({ id: 'BulkItem', description: 'What became of one job of a bulk request.' });
export type BulkItem = z.infer<typeof bulkItem>;

export const bulkResult = z
  .strictObject({
    created: count.describe('How many were made, or had been by an earlier request with this Idempotency-Key.'),
    refused: count.describe('How many were not.'),
    results: z.array(bulkItem).describe('One for each job, in the order of the request.'),
  })
  .meta({ id: 'BulkResult', description: 'What became of a bulk request.' });
export type BulkResult = z.infer<typeof bulkResult>;

export const checkedJob = z
  .strictObject({
    next_run_at: time.nullable().describe('Its first slot. Null for a once job.'),
    ...definitionShape,
  })
  .meta({ id: 'CheckedJob', description: 'A job as it would be, if it were made now.' });
export type CheckedJob = z.infer<typeof checkedJob>;

export const checkItem = z
  .discriminatedUnion('status', [
    z.strictObject({
      status: z.literal('valid').describe('It could be made.'),
      job: checkedJob.describe('As it would be.'),
    }),
    z.strictObject({
      status: z.literal('refused').describe('It would be refused.'),
      problem: problem.describe('Why. `field` starts with the place: `jobs[3].schedule`.'),
    }),
  ])
  .meta({ id: 'CheckItem', description: 'What would become of one job.' });
export type CheckItem = z.infer<typeof checkItem>;

export const checkResult = z
  .strictObject({
    valid: count.describe('How many could be made.'),
    refused: count.describe('How many could not.'),
    results: z.array(checkItem).describe('One for each job, in the order of the request.'),
  })
  .meta({ id: 'CheckResult', description: 'What would become of jobs.' });
export type CheckResult = z.infer<typeof checkResult>;
