/** What stands in a job's form: text, as typed, by the API's names. The server judges it; only what cannot be sent is judged here. */
import type { NewJobBody } from '../../../src/http/schema/job-body.ts';
import type { JobView } from '../../../src/http/schema/job-view.ts';
import type { FieldError } from '../../../src/http/schema/problem.ts';
import { envText, readEnv } from './env-text.ts';

/** How a field's text becomes its value. */
type Kind = 'raw' | 'text' | 'number' | 'words' | 'numbers' | 'env' | 'time';
type Of = 'both' | 'once' | 'cron';

const FIELDS = {
  command: ['raw', 'both'],
  schedule: ['text', 'cron'],
  timezone: ['text', 'cron'],
  starts_at: ['time', 'cron'],
  ends_at: ['time', 'cron'],
  jitter_seconds: ['number', 'cron'],
  misfire: ['text', 'cron'],
  misfire_window_seconds: ['number', 'cron'],
  run_at: ['time', 'once'],
  name: ['text', 'both'],
  description: ['raw', 'both'],
  tags: ['words', 'both'],
  queue: ['text', 'both'],
  priority: ['number', 'both'],
  overlap: ['text', 'both'],
  timeout_seconds: ['number', 'both'],
  kill_grace_seconds: ['number', 'both'],
  retries: ['number', 'both'],
  retry_delay_seconds: ['number', 'both'],
  retry_backoff: ['text', 'both'],
  retry_max_delay_seconds: ['number', 'both'],
  retry_on_exit_codes: ['numbers', 'both'],
  on_lost: ['text', 'both'],
  lost_after_seconds: ['number', 'both'],
  late_after_seconds: ['number', 'both'],
  env: ['env', 'both'],
  cwd: ['raw', 'both'],
  shell: ['raw', 'both'],
  stdin: ['raw', 'both'],
  keep_runs: ['number', 'both'],
  keep_failed_runs: ['number', 'both'],
  keep_days: ['number', 'both'],
  output_limit_bytes: ['number', 'both'],
} as const satisfies Partial<Record<keyof NewJobBody, readonly [Kind, Of]>>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as readonly FieldName[];

export type Draft = Readonly<Record<FieldName, string>> & { readonly type: 'once' | 'cron' };

const EMPTY = Object.fromEntries(FIELD_NAMES.map((name) => [name, ''])) as Record<FieldName, string>;
export const EMPTY_DRAFT: Draft = { ...EMPTY, type: 'once' };

/** Those of `src/domain/job.ts`, which the page may not import. They are left empty: that is the same. */
const DEFAULTS: Partial<Record<FieldName, unknown>> = {
  queue: 'default',
  priority: 0,
  overlap: 'skip',
  kill_grace_seconds: 10,
  retries: 0,
  retry_delay_seconds: 10,
  retry_backoff: 'exponential',
  retry_max_delay_seconds: 3_600,
  lost_after_seconds: 60,
  shell: '/bin/sh',
  keep_runs: 100,
  keep_failed_runs: 100,
  keep_days: 30,
  output_limit_bytes: 1_048_576,
  jitter_seconds: 0,
  misfire: 'latest',
  misfire_window_seconds: 3_600,
};

/** The fields of a job as they would be typed: only what is no default. */
export function draftOf(job: Pick<JobView, FieldName | 'type'>): Draft {
  const texts = FIELD_NAMES.map((name) => [
    name,
    DEFAULTS[name] === job[name] ? '' : textOf(FIELDS[name][0], job[name]),
  ]);
  return { ...(Object.fromEntries(texts) as Record<FieldName, string>), type: job.type };
}

function textOf(kind: Kind, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'string') return kind === 'time' ? localTime(value) : value;
  if (Array.isArray(value)) return value.join(kind === 'words' ? ', ' : ' ');
  if (typeof value !== 'object') return JSON.stringify(value);
  return envText(value as Readonly<Record<string, string>>);
}

/** The body to send. Empty fields are left to their defaults, and so are those of the other kind of job. */
export function draftBody(draft: Draft): NewJobBody {
  const given = FIELD_NAMES.filter((name) => isOf(draft, name) && draft[name].trim() !== '');
  const values = given.map((name) => [name, valueOf(FIELDS[name][0], draft[name])]);
  return { ...(Object.fromEntries(values) as NewJobBody), command: draft.command, type: draft.type };
}

/** What an edit changes: what was emptied goes back to its default. */
export function draftPatch(before: Draft, after: Draft): Partial<NewJobBody> {
  const body: Readonly<Record<string, unknown>> = { ...draftBody(after) };
  const changed = FIELD_NAMES.filter((name) => isOf(after, name) && before[name] !== after[name]);
  return Object.fromEntries(changed.map((name) => [name, body[name] ?? null]));
}

const isOf = ({ type }: Draft, name: FieldName): boolean => FIELDS[name][1] === 'both' || FIELDS[name][1] === type;

function valueOf(kind: Kind, text: string): unknown {
  switch (kind) {
    case 'raw':
      return text;
    case 'text':
      return text.trim();
    case 'number':
      return typedNumber(text.trim());
    case 'words':
      return text
        .split(',')
        .map((word) => word.trim())
        .filter(Boolean);
    case 'numbers':
      return text
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(typedNumber);
    case 'env':
      return readEnv(text);
    case 'time':
      return new Date(text).toISOString();
  }
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

/** As `<input type="datetime-local">` has it, in the browser's zone. */
function localTime(time: string): string {
  const at = new Date(time);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
