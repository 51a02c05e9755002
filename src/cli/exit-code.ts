/** What a process of ours exits with, so that scripts can tell what happened without reading messages. */
import type { ErrorCode } from '../errors.ts';

export const EXIT = {
  ok: 0,
  failure: 1,
  usage: 2,
  notFound: 3,
  auth: 4,
  unreachable: 5,
  conflict: 6,
  timedOut: 7,
  /** Of `diff` and `--dry-run`: it would change something. */
  changesPending: 8,
  /** As timeout(1): what was waited for goes on. */
  waitedLongEnough: 124,
  /** With `--follow` and `--wait`, whose other codes are the command's own. */
  ownTrouble: 125,
  /** Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** For `--help` and docs/cli.md. */
export const EXIT_MEANINGS: readonly (readonly [code: string, meaning: string])[] = [
  ['0', 'success; an empty list is one too'],
  ['1', 'failure'],
  ['2', 'wrong usage, or a value that is not valid'],
  ['3', 'no such job or run'],
  ['4', 'not allowed'],
  ['5', 'the server cannot be reached'],
  ['6', 'in conflict with what is there, as a name that is taken'],
  ['7', 'took too long'],
  ['8', 'something would change: `diff`, `apply --dry-run`'],
  ['130', 'interrupted by Ctrl-C; what was followed goes on'],
  [
    'wait, --wait, --follow',
    "the command's own code; 128 + the number of the signal that ended it; 124 after --timeout of wait; 125 when it is " +
      "jobsched's trouble",
  ],
];

const BY_ERROR: Partial<Readonly<Record<ErrorCode, ExitCode>>> = {
  invalid_request: EXIT.usage,
  invalid_schedule: EXIT.usage,
  invalid_config: EXIT.usage,
  not_supported_yet: EXIT.usage,
  body_too_large: EXIT.usage,
  ambiguous: EXIT.usage,
  not_found: EXIT.notFound,
  unauthorized: EXIT.auth,
  forbidden: EXIT.auth,
  read_only: EXIT.auth,
  local_user_only: EXIT.auth,
  host_not_allowed: EXIT.auth,
  cross_site: EXIT.auth,
  server_unreachable: EXIT.unreachable,
  engine_unavailable: EXIT.unreachable,
  shutting_down: EXIT.unreachable,
  name_taken: EXIT.conflict,
  idempotency_key_reused: EXIT.conflict,
  version_conflict: EXIT.conflict,
  overlap: EXIT.conflict,
  job_running: EXIT.conflict,
  run_finished: EXIT.conflict,
  run_not_finished: EXIT.conflict,
  not_a_schedule: EXIT.conflict,
  timed_out: EXIT.timedOut,
};

/** 1 for every code that has none of its own. */
export function exitCodeFor(code: ErrorCode): ExitCode {
  return BY_ERROR[code] ?? EXIT.failure;
}
