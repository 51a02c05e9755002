/** The same as a command line, to be copied. */
import { draftBody, type Draft } from './draft.ts';

type Flag = readonly [name: string, text: string];

/** Fields of the API that `jobsched submit` has a flag for. */
const FLAGS: readonly (readonly [keyof ReturnType<typeof draftBody>, string])[] = [
  ['name', '--name'],
  ['schedule', '--cron'],
  ['timezone', '--tz'],
  ['run_at', '--at'],
  ['description', '--description'],
  ['queue', '--queue'],
  ['priority', '--priority'],
  ['overlap', '--overlap'],
  ['misfire', '--misfire'],
  ['timeout_seconds', '--timeout'],
  ['retries', '--retries'],
  ['retry_delay_seconds', '--retry-delay'],
  ['cwd', '--cwd'],
  ['shell', '--shell'],
  ['stdin', '--stdin'],
];

const KNOWN = new Set<string>(['command', 'type', 'tags', 'env', ...FLAGS.map(([field]) => field)]);

export interface CommandLine {
  readonly text: string;
  /** Fields that it has no flag for. */
  readonly missing: readonly string[];
}

export function commandLine(draft: Draft): CommandLine {
  const body = draftBody(draft);
  const plain = FLAGS.flatMap(([field, flag]): readonly Flag[] => {
    const value = body[field];
    return typeof value === 'string' || typeof value === 'number' ? [[flag, String(value)]] : [];
  });
  const tags = (body.tags ?? []).map((tag): Flag => ['--tag', tag]);
  const env = Object.entries(body.env ?? {}).map(([name, value]): Flag => ['--env', `${name}=${value}`]);
  const flags = [...plain, ...tags, ...env].map(([flag, text]) => ` ${flag} ${quoted(text)}`);
  return {
    text: `jobsched submit${flags.join('')} -- ${quoted(body.command)}`,
    missing: Object.keys(body).filter((field) => !KNOWN.has(field)),
  };
}

/** As a POSIX shell takes it for one word. */
export const quoted = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
