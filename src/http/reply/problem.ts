/** Errors as HTTP tells them: one status for each code, and the body of RFC 9457. */
import { ERRORS, JobschedError, type ErrorCode } from '../../errors.ts';
import type { FieldError, Problem } from '../schema/problem.ts';

/** The last ones are about starting a daemon or about the client's side: no request meets them. */
export const STATUS_OF_CODE = {
  invalid_request: 400,
  invalid_schedule: 400,
  not_supported_yet: 400,
  unauthorized: 401,
  local_user_only: 403,
  forbidden: 403,
  read_only: 403,
  cross_site: 403,
  not_found: 404,
  method_not_allowed: 405,
  timed_out: 408,
  ambiguous: 409,
  name_taken: 409,
  overlap: 409,
  job_running: 409,
  run_finished: 409,
  run_not_finished: 409,
  not_a_schedule: 409,
  version_conflict: 412,
  body_too_large: 413,
  unsupported_media_type: 415,
  range_not_satisfiable: 416,
  host_not_allowed: 421,
  idempotency_key_reused: 422,
  too_many_requests: 429,
  internal: 500,
  server_error: 500,
  engine_unavailable: 503,
  engine_read_only: 503,
  not_replicated: 503,
  shutting_down: 503,
  engine_full: 507,
  port_in_use: 500,
  address_unavailable: 500,
  data_in_use: 500,
  data_unwritable: 500,
  data_newer: 503,
  data_damaged: 500,
  data_lost: 500,
  data_at_risk: 500,
  invalid_config: 500,
  server_unreachable: 500,
} as const satisfies Record<ErrorCode, number>;

/** A request with fields at fault, all of them told at once. */
export class InvalidFields extends JobschedError {
  readonly errors: readonly FieldError[];

  /**
   * @param errors at least one; the first becomes the problem's own field.
   * @param more whether there are others that are not told.
   */
  constructor(code: ErrorCode, errors: readonly FieldError[], more = false) {
    const [first] = errors;
    const hint = first?.hint;
    const field = first?.field ?? '';
    super(code, describe(errors, more), { field, ...(hint !== undefined && { hint }) });
    this.errors = errors;
  }
}

function describe(errors: readonly FieldError[], more: boolean): string {
  const [first] = errors;
  const sentence = first === undefined ? 'the request is not valid' : sentenceOf(first);
  if (more) return `${sentence} (and more than ${errors.length - 1} others)`;
  return errors.length > 1 ? `${sentence} (and ${errors.length - 1} more)` : sentence;
}

/** Most messages follow the field's name; a schedule's are sentences of their own. */
function sentenceOf({ field, message }: FieldError): string {
  return /^["A-Z]/.test(message) ? message : `${field} ${message}`;
}

/** What is sent for an error. A bug is told as such, and nothing of it is shown. */
export function toProblem(error: unknown, requestId: string): Problem {
  const known = error instanceof JobschedError ? error : null;
  const code = known?.code ?? 'internal';
  return {
    type: `urn:jobsched:error:${code}`,
    title: ERRORS[code],
    status: STATUS_OF_CODE[code],
    code,
    detail: known?.message ?? 'something went wrong inside jobsched; its log tells more under this request_id',
    ...(known?.field != null && { field: known.field }),
    ...(known?.hint != null && { hint: known.hint }),
    ...(known instanceof InvalidFields && { errors: [...known.errors] }),
    request_id: requestId,
  };
}
