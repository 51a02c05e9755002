/** From the flags of `submit` to the job that the API is asked for. */
import { resolve } from 'node:path';
import { UsageError } from './failure.ts';
import { parseTime } from './format/parse-time.ts';
import { shellQuote } from './format/shell-quote.ts';
import type { Moment } from './format/time.ts';
import type { NewJobBody } from '../client/client.ts';
import type { Misfire } from '../domain/schedule/misfire.ts';
import type { Overlap } from '../domain/overlap.ts';

/** What commander makes of the flags. Those that were not given are absent, and the server's defaults hold. */
export interface JobFlags {
  readonly cron?: string;
  readonly at?: string;
  readonly name?: string;
  readonly description?: string;
  readonly tag?: readonly string[];
  readonly tz?: string;
  readonly queue?: string;
  readonly priority?: number;
  readonly overlap?: Overlap;
  readonly misfire?: Misfire;
  readonly timeout?: number;
  readonly retries?: number;
  readonly retryDelay?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly shell?: string;
  readonly stdin?: string;
}

/** What the body also depends on. */
export interface Surroundings {
  readonly moment: Moment;
  /** Where `--cwd .` is. */
  readonly cwd: string;
  /** All of our standard input, for `--stdin -`. */
  readStdin(): Promise<string>;
}

/** @throws UsageError when flags contradict each other. What else is not valid, the server says. */
export async function submitBody(
  words: readonly string[],
  flags: JobFlags,
  surroundings: Surroundings,
): Promise<NewJobBody> {
  if (flags.cron !== undefined && flags.at !== undefined) {
    throw new UsageError('--cron and --at exclude each other: a job runs on a schedule or at one time');
  }
  return present({
    command: commandLine(words),
    schedule: flags.cron,
    run_at: flags.at === undefined ? undefined : runAt(flags.at, flags.tz, surroundings.moment),
    name: flags.name,
    description: flags.description,
    tags: flags.tag && [...flags.tag],
    timezone: flags.at === undefined ? flags.tz : undefined,
    queue: flags.queue,
    priority: flags.priority,
    overlap: flags.overlap,
    misfire: flags.misfire,
    timeout_seconds: flags.timeout,
    retries: flags.retries,
    retry_delay_seconds: flags.retryDelay,
    env: flags.env,
    cwd: flags.cwd === undefined ? undefined : resolve(surroundings.cwd, flags.cwd),
    shell: flags.shell,
    stdin: flags.stdin === '-' ? await surroundings.readStdin() : flags.stdin,
  });
}

/** One word is a shell command as it stands; several are one command's words, and quoted so that they stay what they are. */
export function commandLine(words: readonly string[]): string {
  const [only = '', ...more] = words;
  return more.length === 0 ? only : shellQuote(words);
}

function runAt(text: string, zone: string | undefined, moment: Moment): string {
  const at = parseTime(text, zone ?? moment.zone, moment.now);
  if (at !== null) return new Date(at).toISOString();
  throw new UsageError(
    `--at ${text} is no point in time`,
    "Write it like '2026-11-24 02:00', 2026-11-24T02:00:00Z, or +90s.",
  );
}

type Given<Fields> = { -readonly [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Without the fields that were not given. */
function present<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
}
