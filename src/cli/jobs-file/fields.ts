/** The fields by which a file of jobs and a server are compared: what a job is, with what it is when it says nothing. */
import type { JobView } from '../../client/client.ts';
import { COMMON_DEFAULTS, CRON_DEFAULTS } from '../../domain/job.ts';

export type Fields = Readonly<Record<string, unknown>>;

const { name: _name, ...COMMON } = COMMON_DEFAULTS;

const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const inSnakeCase = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).map(([name, value]) => [snake(name), value]));

const COMMON_FIELDS = inSnakeCase(COMMON);
const CRON_FIELDS = inSnakeCase(CRON_DEFAULTS);
/** What can be edited of a job, of either kind. */
export const FIELD_NAMES: readonly string[] = [
  'description',
  'command',
  'run_at',
  'schedule',
  'timezone',
  ...Object.keys({ ...CRON_FIELDS, ...COMMON_FIELDS }),
].filter((name, index, all) => all.indexOf(name) === index);

const TIMES = new Set(['run_at', 'starts_at', 'ends_at']);

/** What `body` means on a server in this zone, every field filled in, in the order in which people read them. */
export function wantedFields(body: Fields, timezone: string): Fields {
  const schedule = textOf(body['schedule']);
  const kind = schedule === '' ? { run_at: null } : { schedule, timezone, ...CRON_FIELDS };
  const defaults: Fields = { description: '', command: '', ...kind, ...COMMON_FIELDS };
  const filled = Object.entries(defaults).map(
    ([name, fallback]) => [name, normal(name, body[name] ?? fallback)] as const,
  );
  return Object.fromEntries(filled);
}

/** The same of a job that a server has. */
export function fieldsOf(job: JobView): Fields {
  return wantedFields({ ...job }, job.timezone ?? 'UTC');
}

/** Without what says only the default. */
export function withoutDefaults(fields: Fields): Fields {
  const defaults: Fields = { ...COMMON_FIELDS, ...CRON_FIELDS, run_at: null };
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !isSame(value, defaults[name])));
}

function normal(name: string, value: unknown): unknown {
  if (name === 'schedule') return textOf(value);
  if (!TIMES.has(name) || typeof value !== 'string') return value;
  const at = Date.parse(value);
  return Number.isNaN(at) ? value : new Date(at).toISOString();
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** Order counts in lists, and not in maps. */
export function isSame(one: unknown, other: unknown): boolean {
  return stable(one) === stable(other);
}

function stable(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return JSON.stringify(value) ?? '';
  return JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
