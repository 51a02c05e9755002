/** Queues as replies show them, and what a client may set of one. */
import { z } from 'zod';
import { commonFields } from './job-fields.ts';
import { count } from './scalar.ts';

/** How many runs of one queue may be asked to run at once. */
const MOST_RUNNING = 100_000;

export const queueView = z
  .strictObject({
    name: z.string().describe("The queue's name."),
    queued: count.describe('Runs that wait in it and for nothing else.'),
    running: count.describe('Runs that are being executed.'),
    paused: z.boolean().describe('Whether its runs wait until it is resumed.'),
    max_running: z.int().min(1).nullable().describe('How many of its runs may run at once. Null: any number.'),
    workers: count.describe('Live workers that serve it.'),
  })
  .meta({ id: 'Queue', description: 'A named line of waiting runs.' });
export type QueueView = z.infer<typeof queueView>;

export const queueList = z
  .strictObject({
    queues: z
      .array(queueView)
      .describe('By name: `default`, and all that have runs pending or running, or are paused or limited.'),
  })
  .meta({ id: 'QueueList', description: 'The queues.' });
export type QueueList = z.infer<typeof queueList>;

/** What the path of a queue's routes says. */
export const queuePath = z.strictObject({ name: commonFields.queue });

/** `PATCH /api/queues/:name`. */
export const queuePatch = z
  .strictObject({
    max_running: z
      .int()
      .min(1)
      .max(MOST_RUNNING)
      .nullable()
      .optional()
      .describe('How many of its runs may run at once, on all workers together: 1 to 100,000. Null: any number.'),
  })
  .meta({ id: 'QueuePatch', description: 'What is to change of a queue. What is left out stays.' });
export type QueuePatch = z.infer<typeof queuePatch>;
