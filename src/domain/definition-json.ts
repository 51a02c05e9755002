/**
 * A definition as the compact JSON text that stores keep.
 *
 * Laws: `decode(encode(d))` is `d`; equal definitions have equal texts; unknown fields are ignored, so that an older
 * program reads what a newer one wrote.
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

const ALWAYS_WRITTEN = { once: ['command'], cron: ['type', 'command', 'schedule', 'timezone', 'anchor'] } as const;

export function encodeDefinition(definition: JobDefinition): string {
  const fields = new Map<string, unknown>(Object.entries(definition));
  const written: [string, unknown][] = ALWAYS_WRITTEN[definition.type].map((field) => [field, fields.get(field)]);
  for (const [field, usual] of Object.entries(definition.type === 'once' ? ONCE : CRON)) {
    const value = fields.get(field);
    if (field !== 'type' && value !== undefined && !isUsual(value, usual)) written.push([field, value]);
  }
  return JSON.stringify(Object.fromEntries(written));
}

/** @throws SyntaxError when the text is not what `encodeDefinition` writes. */
export function decodeDefinition(text: string): JobDefinition {
  const read = new Map<string, unknown>(Object.entries(JSON.parse(text) as object));
  const type = read.get('type') === 'cron' ? 'cron' : 'once';
  const known = [...ALWAYS_WRITTEN[type], ...Object.keys(type === 'once' ? ONCE : CRON)];
  const own = known.filter((field) => read.has(field)).map((field) => [field, read.get(field)]);
  // The text is what `encodeDefinition` made of a definition, by its first law.
  return { ...(type === 'once' ? ONCE : CRON), ...Object.fromEntries(own) } as JobDefinition;
}

function isUsual(value: unknown, usual: unknown): boolean {
  if (value === usual) return true;
  if (typeof value !== 'object' || typeof usual !== 'object' || value === null || usual === null) return false;
  return Object.keys(value).length === 0 && Object.keys(usual).length === 0;
}
