/**
 * The fields of a job, each with its meaning and its range: once, for the body that makes one, the patch that edits one,
 * and the reply that shows one. Defaults are `domain/job.ts`'s.
 */
import { z } from 'zod';
import { OVERLAPS } from '../../domain/overlap.ts';
import { QUEUE_NAME, QUEUE_NAME_WORDS } from '../../domain/queue.ts';
import { BACKOFFS } from '../../domain/retry.ts';
import { MISFIRES } from '../../domain/schedule/misfire.ts';
import { plainText, textUpTo } from './scalar.ts';

const KIB = 1_024;
const DAYS_30 = 30 * 86_400;

export const MOST_DESCRIPTION_BYTES = 4 * KIB;
export const MOST_COMMAND_BYTES = 64 * KIB;
export const MOST_ENV_BYTES = 64 * KIB;

const whole = (from: number, to: number): z.ZodInt => z.int().min(from).max(to);
const seconds = (from: number): z.ZodInt => whole(from, DAYS_30);

const envName = z
  .string()
  .regex(
    /^[A-Za-z_][A-Za-z0-9_]{0,254}$/,
    'is no name of an environment variable: letters, digits and _, no digit first',
  )
  .refine((name) => !name.startsWith('JOBSCHED_'), 'is set by jobsched itself');

const tag = z
  .string()
  .regex(/^[^\p{C}\s,](?:[^\p{C},]{0,62}[^\p{C}\s,])?$/u, 'must be 1 to 64 characters, without commas');

/** Fields of both kinds of job, as they are when given. */
export const commonFields = {
  description: textUpTo(MOST_DESCRIPTION_BYTES).describe('What the job is for. At most 4 KiB.'),
  tags: z
    .array(tag)
    .max(20)
    .refine((tags) => new Set(tags).size === tags.length, 'must not name a tag twice')
    .meta({ uniqueItems: true })
    .describe('At most 20 labels of 1 to 64 characters, to find and group jobs by.'),
  command: textUpTo(MOST_COMMAND_BYTES)
    .refine((text) => text.trim() !== '', 'must not be blank')
    .meta({ pattern: '\\S' })
    .describe('The shell command: given to `shell -c`. At most 64 KiB, not blank.')
    .meta({ examples: ["echo 'Hello, World!'"] }),
  queue: z
    .string()
    .regex(QUEUE_NAME, `must be ${QUEUE_NAME_WORDS}`)
    .describe('The line its runs wait in. `host:<name>` pins them to the worker of that name.'),
  priority: whole(-100, 100).describe('Higher first, within a queue: −100 to 100.'),
  overlap: z
    .enum(OVERLAPS)
    .describe(
      'When a slot comes while a run is live: `skip` it, `queue` the new run behind it (up to 100), `replace` the live ' +
        'run, or `allow` both.',
    ),
  kill_grace_seconds: z
    .number()
    .min(0)
    .max(3_600)
    .describe('Between TERM and KILL when an attempt has to be ended. 0 to 3,600.'),
  retries: whole(0, 1_000).describe('Further attempts after the first one failed. 0 to 1,000.'),
  retry_delay_seconds: seconds(0).describe(
    'Before the second attempt, or up to 20 % more, so that runs that fail together do not come back together. ' +
      'A lost attempt is retried at once. 0 to 2,592,000 (30 days).',
  ),
  retry_backoff: z
    .enum(BACKOFFS)
    .describe('`exponential`: each delay is twice the one before. `fixed`: all are alike. Both with up to 20 % more.'),
  retry_max_delay_seconds: seconds(0).describe('No delay is longer. 0 to 2,592,000 (30 days).'),
  lost_after_seconds: whole(0, 604_800).describe(
    'How long after its worker went out of contact an attempt is given up as lost. 0 to 604,800 (7 days).',
  ),
  env: z
    .record(envName, textUpTo(32 * KIB))
    .refine(fitsEnvironment, 'must be at most 200 variables and 64 KiB in all')
    .meta({ maxProperties: 200 })
    .describe(
      'Environment variables of the command. Names are letters, digits and _, and do not start with `JOBSCHED_`; a value ' +
        'has at most 32 KiB; at most 200 and 64 KiB in all.',
    ),
  shell: textUpTo(4 * KIB)
    .refine((text) => text.trim() !== '', 'must not be blank')
    .meta({ pattern: '\\S' })
    .describe('The program that gets `-c` and the command.'),
  keep_runs: whole(1, 100_000).describe('How many of its newest runs are kept. 1 to 100,000.'),
  keep_failed_runs: whole(0, 100_000).describe('How many failed ones are kept beyond these. 0 to 100,000.'),
  keep_days: whole(1, 3_650).describe('Finished runs older than this are removed. 1 to 3,650.'),
  output_limit_bytes: whole(KIB, 64 * KIB * KIB).describe(
    'What is kept of the output of one attempt, a quarter from its start and the rest from its end. 1,024 to 67,108,864.',
  ),
} as const;

/** Fields of both kinds that may also be null, as they are when not null. */
export const commonNullableFields = {
  timeout_seconds: z
    .number()
    .min(0.001)
    .max(365 * 86_400)
    .describe('An attempt that takes longer is ended. 0.001 to 31,536,000. Null: no limit.'),
  retry_on_exit_codes: z
    .array(whole(1, 255))
    .min(1)
    .max(255)
    .refine((codes) => new Set(codes).size === codes.length, 'must not name a code twice')
    .meta({ uniqueItems: true })
    .describe('The exit codes that are worth a retry, 1 to 255. Null: all of them.'),
  on_lost: z
    .enum(['retry', 'fail'])
    .describe('What becomes of an attempt whose worker was lost. Null: `retry` if `retries` ≥ 1, else `fail`.'),
  late_after_seconds: whole(1, 604_800).describe(
    'A run that starts, or still waits, later than this after its slot or `run_at`, or after its creation when it has ' +
      'neither, is late. 1 to 604,800 (7 days). Null: none is.',
  ),
  cwd: textUpTo(4 * KIB)
    .refine((text) => text.startsWith('/'), 'must be an absolute path')
    .meta({ pattern: '^/' })
    .describe("The command's working directory, an absolute path. Null: the worker's home directory."),
  stdin: z
    .string()
    .refine((text) => Buffer.byteLength(text) <= 256 * KIB, 'must be at most 262,144 bytes long')
    .refine((text) => text.isWellFormed(), 'must be well-formed Unicode')
    .meta({ maxLength: 256 * KIB })
    .describe("Written to the command's standard input, which is then closed. At most 256 KiB. Null: it is empty."),
} as const;

/** The schedule itself. `domain/schedule` reads it; here it is text of a bounded length. */
export const scheduleText = plainText
  .max(1_000)
  .describe(
    '6 fields (second minute hour day month weekday), 5 fields (second 0), `@hourly` and its like, or `@every 90s`. ' +
      'Empty: the job runs once.',
  )
  .meta({ examples: ['*/10 * * * * *', '0 2 * * *', '@every 90s'] });

export const timezoneName = z
  .string()
  .min(1)
  .max(64)
  .describe("IANA name of the zone that the schedule's hours are of.")
  .meta({ examples: ['Europe/Berlin'] });

/** Fields that only cron jobs have, as they are when given. */
export const cronFields = {
  jitter_seconds: whole(0, 86_400).describe(
    'A run becomes claimable up to this much after its slot; how much is fixed by job and slot. 0 to 86,400.',
  ),
  misfire: z
    .enum(MISFIRES)
    .describe(
      'What becomes of slots that nobody fired in time: the `latest` runs, `all` run, or all are skipped (`skip`).',
    ),
  misfire_window_seconds: seconds(0).describe('Overdue slots older than this never run. 0 to 2,592,000 (30 days).'),
} as const;

function fitsEnvironment(env: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(env);
  const bytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value) + 2, 0);
  return entries.length <= 200 && bytes <= MOST_ENV_BYTES;
}
