/**
 * A definition as the compact JSON text that stores keep.
 *
 * Laws: `decode(encode(d))` is `d`; equal definitions have equal texts; fields that only a newer program knows mean nothing
 * here and stay, so that an older program can read, and edit, what a newer one wrote.
 *
 * A field that has its usual value is left out. What is usual is written down here and *never changes*, also when the
 * defaults that new jobs get do: otherwise stored jobs would change their meaning.
 */
import type { CommonDefinition, CronDefinition, JobDefinition, OnceDefinition } from './job.ts';

const COMMON: Omit<CommonDefinition, 'command'> = {
  name: null,
  description: '',
  tags: [],
  queue: 'default',
  priority: 0,
  overlap: 'skip',
  timeoutSeconds: null,
  killGraceSeconds: 10,
  retries: 0,
  retryDelaySeconds: 10,
  retryBackoff: 'exponential',
  retryMaxDelaySeconds: 3_600,
  retryOnExitCodes: null,
  onLost: null,
  lostAfterSeconds: 60,
  lateAfterSeconds: null,
  env: {},
  cwd: null,
  shell: '/bin/sh',
  stdin: null,
  keepRuns: 100,
  keepFailedRuns: 100,
  keepDays: 30,
  outputLimitBytes: 1024 * 1024,
};

const ONCE: Omit<OnceDefinition, 'command'> = { ...COMMON, type: 'once', runAt: null };

const CRON: Omit<CronDefinition, 'command' | 'schedule' | 'timezone' | 'anchor'> = {
  ...COMMON,
  type: 'cron',
  startsAt: null,
  endsAt: null,
  jitterSeconds: 0,
  misfire: 'latest',
  misfireWindowSeconds: 3_600,
};

type Fields = Readonly<Record<string, unknown>>;

/** Of a definition: what a newer program wrote into it. Absent when there is nothing of that kind. */
const UNKNOWN = Symbol('unknown fields');

/** A kind of definition, as texts have it: what each of them says, and what the other fields are when it says nothing. */
interface Shape {
  readonly said: readonly string[];
  readonly usual: readonly (readonly [field: string, value: unknown])[];
  readonly unsaid: Fields;
  readonly known: ReadonlySet<string>;
}

const ONCE_SHAPE = shape(['command'], ONCE);
const CRON_SHAPE = shape(['type', 'command', 'schedule', 'timezone', 'anchor'], CRON);

function shape(said: readonly string[], unsaid: Fields): Shape {
  const usual = Object.entries(unsaid).filter(([field]) => field !== 'type');
  return { said, unsaid, usual, known: new Set([...said, ...Object.keys(unsaid)]) };
}

/** One pass over a table, since every submit comes through here. */
export function encodeDefinition(definition: JobDefinition): string {
  const { said, usual } = definition.type === 'once' ? ONCE_SHAPE : CRON_SHAPE;
  const fields: Fields = { ...definition };
  const written: Record<string, unknown> = {};
  for (const field of said) written[field] = fields[field];
  for (const [field, value] of usual) {
    const own = fields[field];
    if (own !== undefined && !isUsual(own, value)) written[field] = own;
  }
  return JSON.stringify(Object.assign(written, unknownOf(definition)));
}

/** @throws SyntaxError when the text is not what `encodeDefinition` writes. */
export function decodeDefinition(text: string): JobDefinition {
  const read: Fields = { ...(JSON.parse(text) as object) };
  const { said, usual, unsaid, known } = read['type'] === 'cron' ? CRON_SHAPE : ONCE_SHAPE;
  const definition: Record<string, unknown> = { ...unsaid };
  for (const field of said) definition[field] = read[field];
  for (const [field] of usual) if (Object.hasOwn(read, field)) definition[field] = read[field];
  const unknown = Object.entries(read).filter(([field]) => !known.has(field));
  if (unknown.length > 0) Object.assign(definition, { [UNKNOWN]: Object.fromEntries(unknown) });
  // The text is what `encodeDefinition` made of a definition, by its first law.
  return definition as unknown as JobDefinition;
}

/** A definition that was made of another one by an edit: with what of that only newer programs know. */
export function withUnknown<Definition extends JobDefinition>(edited: Definition, before: JobDefinition): Definition {
  const unknown = unknownOf(before);
  return unknown === undefined ? edited : { ...edited, [UNKNOWN]: unknown };
}

function unknownOf(definition: JobDefinition): Fields | undefined {
  return (definition as { readonly [UNKNOWN]?: Fields })[UNKNOWN];
}

function isUsual(value: unknown, usual: unknown): boolean {
  if (value === usual) return true;
  if (typeof value !== 'object' || typeof usual !== 'object' || value === null || usual === null) return false;
  return isEmpty(value) && isEmpty(usual);
}

function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}
