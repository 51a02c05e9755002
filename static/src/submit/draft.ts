/** What stands in the submit form: text, as typed. The server judges it; only what cannot be sent is judged here. */
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import type { FieldError } from '../../../src/http/schema/problem.ts';

export interface Draft {
  readonly command: string;
  readonly type: 'once' | 'cron';
  readonly schedule: string;
  readonly timezone: string;
  readonly name: string;
  /** As `<input type="datetime-local">` has it, in the browser's zone. */
  readonly runAt: string;
  readonly queue: string;
  readonly timeout: string;
  readonly retries: string;
  readonly overlap: string;
  readonly cwd: string;
  /** `NAME=value` lines. */
  readonly env: string;
}

export const EMPTY_DRAFT: Draft = {
  command: '',
  type: 'once',
  schedule: '',
  timezone: '',
  name: '',
  runAt: '',
  queue: '',
  timeout: '',
  retries: '',
  overlap: 'skip',
  cwd: '',
  env: '',
};

/** What is left for the next job: its kind of schedule, but not what it was. */
export const nextDraft = ({ type }: Draft): Draft => ({ ...EMPTY_DRAFT, type });

/** The body to send. Empty fields are left to their defaults. */
export function draftBody(draft: Draft): NewJobBody {
  const cron = draft.type === 'cron';
  return {
    command: draft.command,
    type: draft.type,
    ...(cron && { schedule: draft.schedule, overlap: draft.overlap as NewJobBody['overlap'] }),
    ...(cron && draft.timezone !== '' && { timezone: draft.timezone.trim() }),
    ...(!cron && draft.runAt !== '' && { run_at: new Date(draft.runAt).toISOString() }),
    ...(draft.name !== '' && { name: draft.name.trim() }),
    ...(draft.queue !== '' && { queue: draft.queue.trim() }),
    ...(draft.cwd !== '' && { cwd: draft.cwd }),
    ...(draft.timeout !== '' && { timeout_seconds: typedNumber(draft.timeout) }),
    ...(draft.retries !== '' && { retries: typedNumber(draft.retries) }),
    ...(draft.env.trim() !== '' && { env: readEnv(draft.env) }),
  };
}

/** Faults that would get lost on the way to the server. */
export function draftErrors(draft: Draft): readonly FieldError[] {
  if (draft.command.trim() === '') return [{ field: 'command', message: 'Type the command to run.' }];
  if (draft.type === 'cron' && draft.schedule.trim() === '') {
    return [{ field: 'schedule', message: 'Type when it should run, or choose Once.' }];
  }
  const lost = draft.env.split('\n').find((line) => line.trim() !== '' && line.indexOf('=') < 1);
  return lost === undefined ? [] : [{ field: 'env', message: `No NAME=value: ${lost}` }];
}

/** What is no number is sent as it is, so that the server's answer is about what was typed. */
const typedNumber = (text: string): number => (Number.isNaN(Number(text)) ? (text as unknown as number) : Number(text));

function readEnv(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1)]),
  );
}
