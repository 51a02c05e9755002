/** `POST /api/jobs/bulk` and `POST /api/runs/bulk`: one action on many. */
import { z } from 'zod';
import { problem } from './problem.ts';
import { jobListQuery, runListQuery } from './query.ts';
import { count } from './scalar.ts';

export const JOB_ACTIONS = ['run', 'pause', 'resume', 'cancel', 'delete'] as const;
export type JobAction = (typeof JOB_ACTIONS)[number];

export const RUN_ACTIONS = ['cancel', 'retry'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];

/** How many ids one request may name. */
export const MOST_NAMED = 1_000;

const page = { limit: true, cursor: true } as const;

const common = {
  dry_run: z.boolean().optional().meta({
    description: 'Only count what would be done, and tell what would be refused as things are now.',
    default: false,
  }),
  cursor: z
    .string()
    .min(1)
    .max(3_000)
    .optional()
    .describe("The reply before's `next_cursor`, to go on with the same filter or `ids`."),
} as const;

const ids = z.array(z.string().min(1).max(100)).min(1).max(MOST_NAMED).optional();

export const bulkJobsBody = z
  .strictObject({
    action: z
      .enum(JOB_ACTIONS)
      .describe('What is done to each. `cancel` ends its live runs. Of a filter, only jobs that it changes are taken.'),
    filter: jobListQuery
      .omit(page)
      .optional()
      .describe('Those that the list of jobs shows with it; `{}` means all. Either this or `ids`.'),
    ids: ids.describe('1 to 1,000 jobs by name, id, or the first characters of an id. Either this or `filter`.'),
    force: z.boolean().optional().meta({
      description: '`run` past the overlap policy; `delete` although runs are running, which are cancelled.',
      default: false,
    }),
    ...common,
  })
  .meta({ id: 'BulkJobs', description: 'One action on many jobs.' });
export type BulkJobsBody = z.input<typeof bulkJobsBody>;

export const bulkRunsBody = z
  .strictObject({
    action: z
      .enum(RUN_ACTIONS)
      .describe('What is done to each. Of a filter, `cancel` takes only live runs, and `retry` only finished ones.'),
    filter: runListQuery
      .omit(page)
      .optional()
      .describe('Those that the list of runs shows with it; `{}` means all. Either this or `ids`.'),
    ids: ids.describe('1 to 1,000 runs: `<job id>.<number>` or `<job>#<number>`. Either this or `filter`.'),
    force: z.boolean().optional().meta({ description: '`retry` past the overlap policy.', default: false }),
    ...common,
  })
  .meta({ id: 'BulkRuns', description: 'One action on many runs.' });
export type BulkRunsBody = z.input<typeof bulkRunsBody>;

const outcome = {
  dry_run: z.boolean().describe('Whether it was only counted.'),
  matched: count.describe(
    'How many were found and dealt with, in this request: what takes several requests counts in the last. What is named ' +
      'several times counts once.',
  ),
  done: count.describe('To how many of these it was done, or had been by the same request before. 0 in a dry run.'),
  refused: z
    .array(
      z.strictObject({
        id: z.string().describe('Which one: its id, or as it was named.'),
        problem: problem.describe('Why not.'),
      }),
    )
    .describe('To which it could not be done, or could not be done now in a dry run. The others are not affected.'),
  more: z.boolean().describe('Whether there may be more: a request does only so many. Ask again, with `next_cursor`.'),
  next_cursor: z
    .string()
    .nullable()
    .describe('Give it as `cursor` to go on, with the same filter or `ids`. Null: this was all.'),
} as const;

export const bulkJobsOutcome = z
  .strictObject({ action: z.enum(JOB_ACTIONS).describe('What was asked for.'), ...outcome })
  .meta({ id: 'BulkJobsOutcome', description: 'What became of one action on many jobs.' });
export type BulkJobsOutcome = z.infer<typeof bulkJobsOutcome>;

export const bulkRunsOutcome = z
  .strictObject({ action: z.enum(RUN_ACTIONS).describe('What was asked for.'), ...outcome })
  .meta({ id: 'BulkRunsOutcome', description: 'What became of one action on many runs.' });
export type BulkRunsOutcome = z.infer<typeof bulkRunsOutcome>;
