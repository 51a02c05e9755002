/** From the flags of `submit` to the job that the API is asked for. */
import { resolve } from 'node:path';
import { UsageError } from '../help/failure.ts';
import { parseComing } from '../format/parse-time.ts';
import { shellQuote } from '../../shell-quote.ts';
import type { Moment } from '../format/time.ts';
import type { NewJobBody } from '../../client/client.ts';
import type { Misfire } from '../../domain/schedule/misfire.ts';
import type { Overlap } from '../../domain/overlap.ts';
import type { Backoff } from '../../domain/retry.ts';
import { SECOND } from '../../domain/instant.ts';

/** What commander makes of the flags of `job-options.ts`. Those that were not given are absent. */
export interface FieldFlags {
  readonly description?: string;
  readonly tag?: readonly string[];
  readonly queue?: string;
  readonly host?: string;
  readonly priority?: number;
  readonly overlap?: Overlap;
  readonly misfire?: Misfire;
  readonly misfireWindow?: number;
  readonly jitter?: number;
  readonly startsAt?: string;
  readonly endsAt?: string;
  readonly lateAfter?: number;
  readonly timeout?: number;
  readonly killGrace?: number;
  readonly retries?: number;
  readonly retryDelay?: number;
  readonly retryBackoff?: Backoff;
  readonly retryMaxDelay?: number;
  readonly retryOn?: readonly number[];
  readonly onLost?: 'retry' | 'fail';
  readonly lostAfter?: number;
  readonly keepRuns?: number;
  readonly keepFailedRuns?: number;
  readonly keepDays?: number;
  readonly outputLimit?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly shell?: string;
  readonly stdin?: string;
}

export interface TimeFlags {
  readonly cron?: string;
  readonly at?: string;
  readonly in?: number;
  readonly tz?: string;
}

export interface JobFlags extends FieldFlags, TimeFlags {
  readonly name?: string;
}

/** What the body also depends on. */
export interface Surroundings {
  readonly moment: Moment;
  /** Where `--cwd .` is. */
  readonly cwd: string;
  /** All of our standard input, for `--stdin -`. */
  readonly readStdin: () => Promise<string>;
}

/** @throws UsageError when flags contradict each other. What else is not valid, the server says. */
export async function submitBody(
  words: readonly string[],
  flags: JobFlags,
  surroundings: Surroundings,
): Promise<NewJobBody> {
  refuseCrontabLine(words.join(' '));
  return { command: commandLine(words), ...(await submitFields(flags, surroundings)) };
}

/** Five fields of a crontab in front of its command: no command begins like that. */
function refuseCrontabLine(text: string): void {
  const [, schedule, rest] = /^\s*((?:[\d*][\d*/,-]*\s+){5,6})(\S.*)$/s.exec(text) ?? [];
  if (schedule === undefined || rest === undefined) return;
  throw new UsageError(
    'the command begins like a line of a crontab',
    `Say when it runs with a flag: --cron ${shellQuote([schedule.trim().replace(/\s+/g, ' ')])} ${shellQuote([rest])}`,
  );
}

/** All but the command. */
export async function submitFields(flags: JobFlags, surroundings: Surroundings): Promise<Omit<NewJobBody, 'command'>> {
  return {
    ...present({ name: flags.name }),
    ...timeFields(flags, surroundings.moment),
    ...(await jobFields(flags, surroundings)),
  };
}

/** When it runs. */
export function timeFields(flags: TimeFlags, moment: Moment): Pick<NewJobBody, 'schedule' | 'run_at' | 'timezone'> {
  const { cron, at, tz } = flags;
  const given = [cron !== undefined && '--cron', at !== undefined && '--at', flags.in !== undefined && '--in'];
  const [first, second] = given.filter((flag) => flag !== false);
  if (second !== undefined) {
    throw new UsageError(`${first} and ${second} exclude each other: a job runs on a schedule or at one time`);
  }
  const after = flags.in === undefined ? undefined : new Date(moment.now + flags.in * SECOND).toISOString();
  return present({
    schedule: cron,
    run_at: at === undefined ? after : pointInTime('--at', at, tz, moment),
    timezone: at === undefined ? tz : undefined,
  });
}

/** What else it is. */
export async function jobFields(
  flags: FieldFlags & Pick<TimeFlags, 'tz'>,
  { moment, cwd, readStdin }: Surroundings,
): Promise<Omit<NewJobBody, 'command'>> {
  const { queue, host } = flags;
  if (queue !== undefined && host !== undefined) {
    throw new UsageError('--queue and --host exclude each other: --host NAME is the queue host:NAME');
  }
  const time = (flag: string, text: string | undefined): string | undefined =>
    text === undefined ? undefined : pointInTime(flag, text, flags.tz, moment);
  return present({
    description: flags.description,
    tags: flags.tag && [...flags.tag],
    queue: host === undefined ? queue : `host:${host}`,
    priority: flags.priority,
    overlap: flags.overlap,
    misfire: flags.misfire,
    misfire_window_seconds: flags.misfireWindow,
    jitter_seconds: flags.jitter,
    starts_at: time('--starts-at', flags.startsAt),
    ends_at: time('--ends-at', flags.endsAt),
    late_after_seconds: flags.lateAfter,
    timeout_seconds: flags.timeout,
    kill_grace_seconds: flags.killGrace,
    retries: flags.retries,
    retry_delay_seconds: flags.retryDelay,
    retry_backoff: flags.retryBackoff,
    retry_max_delay_seconds: flags.retryMaxDelay,
    retry_on_exit_codes: flags.retryOn && [...flags.retryOn],
    on_lost: flags.onLost,
    lost_after_seconds: flags.lostAfter,
    keep_runs: flags.keepRuns,
    keep_failed_runs: flags.keepFailedRuns,
    keep_days: flags.keepDays,
    output_limit_bytes: flags.outputLimit,
    env: flags.env,
    cwd: flags.cwd === undefined ? undefined : resolve(cwd, flags.cwd),
    shell: flags.shell,
    stdin: flags.stdin === '-' ? await readStdin() : flags.stdin,
  });
}

/** One word is a shell command as it stands; several are one command's words, and quoted so that they stay what they are. */
export function commandLine(words: readonly string[]): string {
  const [only = '', ...more] = words;
  return more.length === 0 ? only : shellQuote(words);
}

function pointInTime(flag: string, text: string, zone: string | undefined, moment: Moment): string {
  const at = parseComing(text, zone ?? moment.zone, moment.now);
  if (at !== null) return new Date(at).toISOString();
  throw new UsageError(
    `${flag} ${text} is no point in time`,
    "Write it like 23:00, '2026-11-24 02:00', 2026-11-24T02:00:00Z, or +90s.",
  );
}

type Given<Fields> = { -readonly [Name in keyof Fields]: Exclude<Fields[Name], undefined> };

/** Without the fields that were not given. */
function present<Fields extends object>(fields: Fields): Given<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<Fields>;
}
