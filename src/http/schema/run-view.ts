/** A run and its attempts as replies show them. */
import { z } from 'zod';
import { RUN_STATUSES, type RunReason, type Trigger } from '../../domain/run.ts';
import { count, jobIdText, runIdText, time } from './scalar.ts';

export const runStatus = z.enum(RUN_STATUSES).describe('Where it stands. The last four are final.');

export const RUN_REASONS = [
  'exit',
  'signal',
  'timeout',
  'spawn',
  'lost',
  'overlap',
  'overlap_full',
  'misfire',
  'replaced',
  'requested',
  'deleted',
] as const satisfies readonly RunReason[];

export const RUN_TRIGGERS = ['schedule', 'submit', 'manual', 'retry'] as const satisfies readonly Trigger[];

export const runReason = z
  .enum(RUN_REASONS)
  .describe(
    'Why it failed (`exit`, `signal`, `timeout`, `spawn`, `lost`), was skipped (`overlap`, `overlap_full`, `misfire`, ' +
      '`replaced`) or cancelled (`requested`, `replaced`, `deleted`). Else null.',
  );

export const skippedSlots = z
  .strictObject({
    first: time.describe('The first slot of the record.'),
    last: time.describe('The last one.'),
    count: z.int().min(1).describe('How many slots gave no run.'),
    at_least: z.boolean().describe('Whether there were more than anyone counted.'),
  })
  .meta({ id: 'SkippedSlots', description: 'Consecutive slots of a job that gave no run, in one record.' });

const leftRunning = count.describe(
  'How many processes of it were there after its end: of a command that ended by itself what it left in the background, ' +
    'which is left alone; of one that was ended (cancel, timeout, `lost`) what could not be.',
);

const runShape = {
  id: runIdText.describe('`<job id>.<number>`.'),
  job_id: jobIdText.describe("The job's id."),
  job_name: z.string().nullable().describe("The job's name, or null when it has none."),
  number: z.int().min(1).describe('Its number within the job.'),
  status: runStatus,
  reason: runReason.nullable(),
  detail: z.string().nullable().describe('More about the reason, for people.'),
  trigger: z
    .enum(RUN_TRIGGERS)
    .describe('What made it: a slot, the creation of a once job, a person, or a person running a finished run again.'),
  scheduled_for: time.nullable().describe("Its slot, or a once job's `run_at`."),
  created_at: time.describe('When it was made.'),
  started_at: time.nullable().describe("When its first attempt was claimed. Later attempts: see the run's `attempts`."),
  finished_at: time.nullable().describe('When it ended.'),
  duration_ms: z
    .number()
    .min(0)
    .nullable()
    .describe(
      'How long the newest attempt took, as its worker measured it: no earlier one, no wait. Null while it runs, and when its worker was lost.',
    ),
  left_running: leftRunning,
  queue: z.string().describe('The line it waits or waited in.'),
  priority: z.int().describe('Higher first, within the queue.'),
  ready_at: time.nullable().describe('When a run that waits for a time becomes claimable. Else null.'),
  waiting_for: z
    .string()
    .nullable()
    .describe('Why it is pending, in words. Null unless pending.')
    .meta({
      examples: ['a free slot, 16 of 16 busy on web-1', 'queue gpu is paused', 'queue gpu runs 2 of 2 at once'],
    }),
  attempt: count.describe("The newest attempt's number; 0 before the first."),
  worker: z.string().nullable().describe("The newest attempt's worker, by name."),
  exit_code: z.int().nullable().describe('With which the newest attempt exited.'),
  signal: z
    .string()
    .nullable()
    .describe('Which ended the newest attempt.')
    .meta({ examples: ['SIGTERM'] }),
  cancel_requested: z.boolean().describe('Whether its end has been asked for.'),
  contact_lost: z.boolean().describe('Whether its worker is out of contact.'),
  contact_lost_at: time.nullable().describe('Since when. Null while all is well.'),
  late: z.boolean().describe("Whether it started, or still waits, later than its job's `late_after_seconds`."),
  late_at: time.nullable().describe('A start after this is late. Null: its job does not say.'),
  output_bytes: count.describe('What the newest attempt has written so far.'),
  output_truncated: z.boolean().describe('Whether something of that is not kept.'),
  skipped: skippedSlots.nullable().describe('Only for a record of skipped slots.'),
} as const;

export const runView = z
  .strictObject(runShape)
  .meta({ id: 'Run', description: 'A run: one occurrence of a job, or a record of slots that gave none.' });
export type RunView = z.infer<typeof runView>;

export const attemptView = z
  .strictObject({
    number: z.int().min(1).describe('1 for the first.'),
    job_version: z.int().min(1).describe('The version of the job that it executed.'),
    worker: z.string().describe('Who executed it, by name.'),
    started_at: time.describe('When it was claimed.'),
    finished_at: time.nullable().describe('When it ended. Null while it runs.'),
    duration_ms: z.number().min(0).nullable().describe('How long the command took, as its worker measured it.'),
    status: z.enum(['running', 'succeeded', 'failed', 'cancelled']).describe('What it came to.'),
    reason: z.enum(['exit', 'signal', 'timeout', 'spawn', 'lost']).nullable().describe('Why it failed. Else null.'),
    detail: z.string().nullable().describe('More about the reason, for people.'),
    exit_code: z.int().nullable().describe('With which it exited.'),
    signal: z.string().nullable().describe('Which ended it.'),
    left_running: leftRunning,
    output_bytes: count.describe('What it has written so far.'),
    output_dropped: count.describe('How many bytes of that are not kept.'),
  })
  .meta({ id: 'Attempt', description: 'One execution of a run by one worker.' });
export type AttemptView = z.infer<typeof attemptView>;

export const runDetail = z
  .strictObject({ ...runShape, attempts: z.array(attemptView).describe('Newest first.') })
  .meta({ id: 'RunDetail', description: 'A run with its attempts.' });
export type RunDetail = z.infer<typeof runDetail>;

export const runList = z
  .strictObject({
    runs: z.array(runView).describe('Newest first. May be shorter than asked and still have a `next_cursor`.'),
    next_cursor: z.string().nullable().describe('Give it as `cursor` to read on. Null: this was the last page.'),
  })
  .meta({ id: 'RunList', description: 'A page of runs.' });
export type RunList = z.infer<typeof runList>;

/** `POST /api/jobs/:ref/cancel`. The body may be left out. */
export const cancelBody = z
  .strictObject({
    cursor: z
      .string()
      .regex(/^[1-9]\d{0,14}$/, 'must be the `next_cursor` of the reply before')
      .optional()
      .describe("The reply before's `next_cursor`, to go on with those that are left: none counts twice then."),
  })
  .meta({ id: 'Cancel', description: 'Where the cancelling of a job goes on.' });

export const cancelledRuns = z
  .strictObject({
    count: count.describe('How many runs were cancelled, or their workers asked to end them.'),
    more: z
      .boolean()
      .describe('Whether others live on, since one request cancels about 10,000: ask again, with `next_cursor`.'),
    next_cursor: z.string().nullable().describe('Give it as `cursor` to go on with the others. Null: these were all.'),
    runs: z.array(runView).max(250).describe('The newest 250 of those.'),
  })
  .meta({ id: 'CancelledRuns', description: 'What the cancelling of a job came to.' });
export type CancelledRuns = z.infer<typeof cancelledRuns>;
