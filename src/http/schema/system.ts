/** Workers, numbers, changes and health as replies show them. */
import { z } from 'zod';
import { FINDING_LEVELS } from '../../domain/finding.ts';
import { count, time } from './scalar.ts';

export const workerView = z
  .strictObject({
    id: z.uuid().describe('Made at its start.'),
    name: z.string().describe('What people call it.'),
    host: z.string().describe('The machine it runs on.'),
    pid: z.int().describe('Its process there.'),
    version: z.string().describe('Its jobsched.'),
    queues: z.array(z.string()).describe('The lines it serves.'),
    concurrency: count.describe('How many runs it executes at a time.'),
    running: count.describe('How many it executes now, as it last said.'),
    state: z
      .enum(['active', 'draining', 'stopped'])
      .describe('What it last said of itself; `draining` also once it was asked to.'),
    alive: z.boolean().describe('Whether it was heard of lately and has not stopped.'),
    started_at: time.describe('When it started.'),
    last_seen_at: time.describe('When it was last heard of.'),
  })
  .meta({ id: 'Worker', description: 'A process that executes runs.' });
export type WorkerView = z.infer<typeof workerView>;

export const workerList = z
  .strictObject({ workers: z.array(workerView).describe('Newest start first; those seen within a day.') })
  .meta({ id: 'WorkerList', description: 'The workers.' });
export type WorkerList = z.infer<typeof workerList>;

export const statsView = z
  .strictObject({
    now: time.describe("The engine's clock."),
    version: z.string().describe("The server's jobsched."),
    started_at: time.describe('When the server started.'),
    engine: z.string().describe('Where the data lies: a file, or an address.'),
    timezone: z.string().describe('The zone that a schedule is in when it names none.'),
    jobs: z
      .strictObject({
        once: count.describe('Jobs that run once, finished or not.'),
        scheduled: count.describe('Cron jobs with a slot to come.'),
        paused: count.describe('Cron jobs that are paused.'),
        finished: count.describe('Cron jobs without a slot left.'),
      })
      .describe('How many jobs there are.'),
    runs: z
      .strictObject({
        pending: count.describe('Waiting for a worker, a time, or their turn.'),
        running: count.describe('Being executed.'),
        succeeded: count.describe('Ended with exit code 0.'),
        failed: count.describe('Ended otherwise.'),
        cancelled: count.describe('Ended on demand.'),
        skipped: count.describe('Records of slots that gave no run.'),
      })
      .describe('How many runs exist now.'),
    late: z
      .strictObject({
        started: count.describe('Runs that started late, since this installation began to count.'),
        waiting: count.describe('Runs that still wait for their start and are late by now. Up to 100,000.'),
        overdue: count.describe('Cron jobs whose slot came more than 10 s ago and was not fired. Up to 100,000.'),
      })
      .describe('What did not begin in time.'),
    workers: z
      .strictObject({
        alive: count.describe('Workers that were heard of lately.'),
        slots: count.describe('How many runs they execute at a time, together.'),
        busy: count.describe('How many they execute now.'),
      })
      .describe('Who does the work.'),
    lost: z
      .strictObject({
        jobs: count.describe('Jobs that were submitted.'),
        runs: count.describe('Runs that were started by hand.'),
        changes: count.describe(
          'Jobs that were edited, paused, resumed or deleted, runs cancelled, queues set, keys revoked.',
        ),
      })
      .describe(
        'What this server acknowledged since its start and its Redis lost, when it failed over or came back with older data. The log names them.',
      ),
  })
  .meta({ id: 'Stats', description: 'Numbers about everything.' });
export type StatsView = z.infer<typeof statsView>;

export const CHANGE_KINDS = ['job', 'run', 'worker', 'queue'] as const;

/**
 * The data of an event `change` of `GET /api/events`; the event's `id` is the change's. The other event is `reset`, its
 * data `{}`: some changes were forgotten, so look at everything anew.
 */
export const changeEvent = z
  .strictObject({
    kind: z.enum(CHANGE_KINDS).describe('What changed. `queue`: what is set of it.'),
    id: z.string().describe('Its id; of a queue, its name.'),
  })
  .meta({ id: 'Change', description: 'Something was made, changed or removed.' });
export type ChangeEvent = z.infer<typeof changeEvent>;

export const doctorView = z
  .strictObject({
    version: z.string().describe("The server's jobsched."),
    now: time.describe("The server's clock."),
    findings: z
      .array(
        z.strictObject({
          check: z.string().describe('What was looked at.'),
          level: z.enum(FINDING_LEVELS).describe('`problem`: something does not work, or jobs can be lost.'),
          message: z.string().describe('What is so.'),
          remedy: z.string().nullable().describe('What to do about it; null where there is nothing to do.'),
        }),
      )
      .describe('What the server can see, the engine first.'),
  })
  .meta({ id: 'Doctor', description: 'What the server finds of itself, its engine and its workers.' });
export type DoctorView = z.infer<typeof doctorView>;

export const liveView = z
  .strictObject({ status: z.literal('ok').describe('The process answers.') })
  .meta({ id: 'Live', description: 'The server is there.' });
export type LiveView = z.infer<typeof liveView>;

export const readyView = z
  .strictObject({
    status: z.enum(['ok', 'not_ready']).describe('`not_ready` comes with status 503.'),
    parts: z
      .array(
        z.strictObject({
          name: z
            .string()
            .describe(
              '`engine`: where the data lies. `scheduler`: fires slots. `worker`: claims runs and executes them.',
            ),
          ready: z.boolean().describe('Whether it does its work.'),
          detail: z
            .string()
            .nullable()
            .describe('What it is, or what is wrong with it. Null for who shows no key and needs one.'),
        }),
      )
      .describe('The parts that this process has; `standalone` has all of them.'),
  })
  .meta({ id: 'Ready', description: 'Whether the server can do its work.' });
export type ReadyView = z.infer<typeof readyView>;
