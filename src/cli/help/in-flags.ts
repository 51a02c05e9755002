/** What the API says of its fields, in the words of who typed flags: `timeout_seconds must be…` becomes `--timeout must be…`. */
import { JobschedError } from '../../errors.ts';

/** The flags that lead to each field, by the names that commander gives their values. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  schedule: ['cron'],
  run_at: ['at', 'in'],
  timezone: ['tz'],
  name: ['name'],
  command: ['command'],
  description: ['description'],
  tags: ['tag'],
  queue: ['queue', 'host'],
  priority: ['priority'],
  overlap: ['overlap'],
  misfire: ['misfire'],
  misfire_window_seconds: ['misfireWindow'],
  jitter_seconds: ['jitter'],
  starts_at: ['startsAt'],
  ends_at: ['endsAt'],
  late_after_seconds: ['lateAfter'],
  timeout_seconds: ['timeout'],
  kill_grace_seconds: ['killGrace'],
  retries: ['retries'],
  retry_delay_seconds: ['retryDelay'],
  retry_backoff: ['retryBackoff'],
  retry_max_delay_seconds: ['retryMaxDelay'],
  retry_on_exit_codes: ['retryOn'],
  on_lost: ['onLost'],
  lost_after_seconds: ['lostAfter'],
  keep_runs: ['keepRuns'],
  keep_failed_runs: ['keepFailedRuns'],
  keep_days: ['keepDays'],
  output_limit_bytes: ['outputLimit'],
  env: ['env'],
  cwd: ['cwd'],
  shell: ['shell'],
  stdin: ['stdin'],
  // Of lists, and of what is done to many.
  status: ['status'],
  type: ['type'],
  reason: ['reason'],
  trigger: ['trigger'],
  job: ['job'],
  worker: ['worker'],
  tag: ['tag'],
  q: ['search'],
  since: ['since'],
  until: ['until'],
  limit: ['limit'],
  count: ['count'],
  attempt: ['attempt'],
  role: ['role'],
  expires_at: ['expires'],
};

/** Where the field stands in a body, which says nothing to who typed a flag. */
const PLACE = /^(?:jobs\[\d+\]|filter|changes)\./;

/**
 * @param given the flags that were typed: what somebody wrote as a field, in a file or an editor, keeps its name.
 * @returns the error itself where no flag is at fault.
 */
export function inFlags(error: JobschedError, given: ReadonlySet<string>): JobschedError {
  const field = error.field?.replace(PLACE, '') ?? '';
  const [, root = '', key = null] = /^(\w+)(?:\[\d+\])?(?:\.(.+))?$/.exec(field) ?? [];
  const flag = flagsOf(root).find((each) => given.has(each));
  if (flag === undefined) return error;
  const start = [field, error.field ?? ''].find((each) => error.message.startsWith(`${each} `));
  const subject = key === null ? spelled(flag) : `${spelled(flag)} ${key}`;
  const message = start === undefined ? error.message : subject + error.message.slice(start.length);
  const hint = error.hint?.replaceAll(/(?<=\bSet )\w+(?= to\b)/g, named);
  return new JobschedError(error.code, withFlags(message), {
    field: spelled(flag),
    cause: error,
    ...(hint !== undefined && { hint: withFlags(hint) }),
  });
}

/** A name with an underscore is no English word. */
const withFlags = (text: string): string => text.replaceAll(/(?<![\w-])[a-z]+(?:_[a-z]+)+\b/g, named);

function named(field: string): string {
  const [flag] = flagsOf(field);
  return flag === undefined ? field : spelled(flag);
}

const flagsOf = (field: string): readonly string[] => (Object.hasOwn(FLAGS, field) ? (FLAGS[field] ?? []) : []);

const spelled = (flag: string): string => `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
