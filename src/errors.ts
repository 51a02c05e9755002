/**
 * The catalogue of what a person can be told went wrong. Codes are stable: scripts match on them.
 *
 * A `JobschedError` is somebody's mistake or the world's, never ours: it is shown without a stack, with a hint. Every
 * other error is a bug and is shown with its stack. HTTP statuses and exit codes are mapped from the codes at the edges
 * (`http/reply/problem.ts`, `cli/exit-code.ts`). `docs/errors.md` lists them all; a test holds the two together.
 */
export const ERRORS = {
  // What was asked for
  invalid_request: 'The request is not valid.',
  invalid_schedule: 'The schedule cannot be read, or never comes.',
  not_supported_yet: 'This field belongs to a feature that is not built yet.',
  body_too_large: 'The request body is too large.',
  unsupported_media_type: 'The request body must be sent as application/json.',
  not_found: 'There is no such thing.',
  range_not_satisfiable: 'There are no such bytes.',
  method_not_allowed: 'This path does not take that method.',
  ambiguous: 'Several things go by that.',
  // What stands in the way
  name_taken: 'A job of that name exists.',
  idempotency_key_reused: 'The idempotency key was used for another request.',
  version_conflict: 'The job has been edited meanwhile.',
  overlap: 'A run of the job is live, and its overlap policy allows one.',
  job_running: 'A run of the job is running.',
  run_finished: 'The run has finished.',
  run_not_finished: 'The run has not finished.',
  not_a_schedule: 'The job has no schedule.',
  // Who asked
  unauthorized: 'The request shows no key that is valid.',
  forbidden: 'The role of the key does not allow that.',
  read_only: 'This server only shows.',
  local_user_only: 'Only the user that runs jobsched may ask.',
  host_not_allowed: 'The Host header names no address that jobsched serves.',
  cross_site: 'A page of another site may not ask.',
  // The machine
  port_in_use: 'The port is taken.',
  address_unavailable: 'The address cannot be listened on.',
  data_in_use: 'Another jobsched has the data open.',
  data_unwritable: 'The data cannot be written.',
  data_newer: 'The data was written by a newer jobsched.',
  data_damaged: 'The data is not what jobsched writes.',
  data_lost: 'The storage engine has lost what it had acknowledged.',
  data_at_risk: 'A setting of the storage engine endangers the data.',
  engine_unavailable: 'The storage engine does not answer.',
  engine_full: 'The storage is full.',
  engine_read_only: 'The storage is read-only.',
  not_replicated: 'It was done, and no replica has confirmed it.',
  invalid_config: 'The configuration is not valid.',
  server_unreachable: 'The server does not answer.',
  timed_out: 'It took too long.',
  server_error: 'The server failed.',
  too_many_requests: 'Too much at once.',
  shutting_down: 'The server is stopping.',
  internal: 'This is a bug in jobsched.',
} as const;

export type ErrorCode = keyof typeof ERRORS;

/** In hints about an engine: true of a process that runs. `cli/help/failure.ts` has what is true of one that has ended. */
export const GOES_ON = 'jobsched goes on by itself as soon as it can.';

export interface ErrorDetails {
  /** What to do about it. */
  readonly hint?: string;
  /** The field, flag or setting at fault, in the caller's own spelling: `jobs[3].schedule`, `--port`. */
  readonly field?: string;
  /** Whether what was asked may have been done all the same. */
  readonly mayBeDone?: boolean;
  readonly cause?: unknown;
}

export class JobschedError extends Error {
  override readonly name = 'JobschedError';
  readonly code: ErrorCode;
  readonly hint: string | null;
  readonly field: string | null;
  readonly mayBeDone: boolean;

  /** @param message what happened, to what, and why, in one sentence. */
  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint ?? null;
    this.field = details.field ?? null;
    this.mayBeDone = details.mayBeDone ?? false;
  }
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
