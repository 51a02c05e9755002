/** What may stand behind the `?` of a path. `../request/query.ts` reads the text into these. */
import { z } from 'zod';
import { STREAMS } from '../../domain/output/frame.ts';
import { RUN_STATUSES } from '../../domain/run.ts';
import { JOB_STATUSES } from './job-view.ts';
import { CHANGE_KINDS } from './system.ts';
import { RUN_REASONS, RUN_TRIGGERS } from './run-view.ts';
import { count, limit, timeGiven } from './scalar.ts';

/** Each of them at most once. None is refused: whoever names nothing may mean all, or have lost what was meant. */
const some = <Value extends string>(values: readonly Value[]): z.ZodArray<z.ZodEnum<{ [V in Value]: V }>> =>
  z.array(z.enum(values)).min(1).max(values.length);

/** The same of text. */
const text = (longest: number): z.ZodString => z.string().min(1).max(longest);

const page = {
  limit: limit.optional().meta({ description: 'Rows in a page. 1 to 200.', default: 50 }),
  cursor: z.string().min(1).max(500).optional().describe("The page before's `next_cursor`."),
} as const;

export const jobListQuery = z.strictObject({
  status: some(JOB_STATUSES).optional().describe('One or more, separated by commas.'),
  type: z.enum(['once', 'cron']).optional().describe('Only this kind.'),
  queue: text(300).optional().describe('Only of this queue.'),
  tag: text(64).optional().describe('Only with this tag.'),
  q: text(200).optional().describe('Part of the name, the command or the description, whatever the case.'),
  ...page,
});
export type JobListQuery = z.infer<typeof jobListQuery>;

/** `GET /api/schedules/calendar`. */
export const calendarQuery = z.strictObject({
  since: timeGiven.optional().describe('From when on. Default: now.'),
  until: timeGiven.optional().describe('Until when, at most 8 days later. Default: 24 hours after `since`.'),
  queue: jobListQuery.shape.queue,
  tag: jobListQuery.shape.tag,
  q: jobListQuery.shape.q,
  ...page,
});
export type CalendarQuery = z.infer<typeof calendarQuery>;

/** `GET /api/jobs/:ref/runs`. */
export const jobRunsQuery = z.strictObject({
  status: some(RUN_STATUSES).optional().describe('One or more, separated by commas.'),
  worker: text(300).optional().describe('Only by the worker of this name.'),
  queue: text(300).optional().describe('Only of this queue.'),
  reason: some(RUN_REASONS)
    .optional()
    .describe('Only those that failed, were skipped or were cancelled for this. One or more, separated by commas.'),
  trigger: some(RUN_TRIGGERS).optional().describe('Only made so. One or more, separated by commas.'),
  since: timeGiven.optional().describe('Only created at or after this.'),
  until: timeGiven.optional().describe('Only created before this.'),
  late: z.boolean().optional().describe('Only those that started late or wait too long, or only the others.'),
  ...page,
});
export type JobRunsQuery = z.infer<typeof jobRunsQuery>;

/** `GET /api/runs`. */
export const runListQuery = z.strictObject({
  job: text(100).optional().describe("Only of this job: its id, its name, or its id's first characters."),
  tag: text(64).optional().describe('Only of jobs that have this tag now.'),
  q: text(200)
    .optional()
    .describe("Part of the name, the command or the description of the run's job as it is now, whatever the case."),
  ...jobRunsQuery.shape,
});
export type RunListQuery = z.infer<typeof runListQuery>;

/** `GET /api/events`. */
export const eventsQuery = z.strictObject({
  kind: some(CHANGE_KINDS).optional().describe('Only of these kinds, separated by commas.'),
  job: text(100).optional().describe("Only of this job and its runs: its id, its name, or its id's first characters."),
});

export const deleteQuery = z.strictObject({
  force: z.boolean().optional().meta({
    description: 'Delete although runs are running; they are cancelled.',
    default: false,
  }),
});

export const outputQuery = z.strictObject({
  stream: z
    .enum(STREAMS)
    .optional()
    .describe('Only what was written to this one. Default: both, in the order written.'),
  attempt: z
    .int()
    .min(1)
    .optional()
    .describe('Of this attempt alone. Default: the newest, and with `follow` all after it.'),
  from_attempt: z
    .int()
    .min(1)
    .optional()
    .describe('Of this attempt, and with `follow` of all after it: for going on after a lost connection.'),
  offset: count.optional().meta({
    description: "From this byte of the attempt's output on, both streams counted.",
    default: 0,
  }),
  follow: z.boolean().optional().meta({
    description: 'Keep sending what is written until the run ends.',
    default: false,
  }),
  timestamps: z.boolean().optional().meta({
    description: 'Put before each line when the worker saw its beginning. Only for text.',
    default: false,
  }),
  format: z.enum(['text', 'frames']).optional().meta({
    description: '`text`: the bytes themselves. `frames`: one JSON object a line, streams and times told apart.',
    default: 'text',
  }),
});
export type OutputQuery = z.infer<typeof outputQuery>;

const linesOf = {
  stream: z.enum(STREAMS).optional().describe('Only lines of this one, numbered for themselves. Default: both.'),
  attempt: z.int().min(1).optional().describe('Of this attempt. Default: the newest.'),
} as const;

/** How many lines a page has at most. */
export const MOST_LINES = 1_000;

export const linesQuery = z.strictObject({
  ...linesOf,
  from: z.int().min(1).optional().meta({ description: 'The number of the first line that is wanted.', default: 1 }),
  count: z.int().min(1).max(MOST_LINES).optional().meta({ description: 'How many lines. 1 to 1,000.', default: 200 }),
});
export type LinesQuery = z.infer<typeof linesQuery>;

const searchedFrom = z
  .string()
  .regex(/^[1-9]\d{0,14}(?:@\d{1,15}(?:@[1-9]\d{0,14})?)?$/, 'must be the number of a line, or the next of a search')
  .optional()
  .meta({ description: 'The number of the line to begin at, or the `next` of the reply before.', default: '1' });

export const searchQuery = z.strictObject({
  q: z.string().min(1).max(200).describe('The text, as it stands in a line. No pattern.'),
  ignore_case: z.boolean().optional().meta({ description: 'Whatever the case.', default: false }),
  ...linesOf,
  from: searchedFrom,
  limit: limit.optional().meta({ description: 'How many matches. 1 to 200.', default: 50 }),
});
export type SearchQuery = z.infer<typeof searchQuery>;

const { attempt } = linesOf;
export const firstErrorQuery = z.strictObject({ attempt, from: searchedFrom });
export type FirstErrorQuery = z.infer<typeof firstErrorQuery>;
