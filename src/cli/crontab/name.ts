/** A name for a command: its program's, or its script's, as a person would call it. */

/** What comes before the command that matters. */
const PRELUDES = new Set([
  'cd',
  'test',
  '[',
  '[[',
  '.',
  'source',
  'export',
  'set',
  'umask',
  'sleep',
  'ulimit',
  'if',
  'then',
]);
/** Programs that run another, and how many words of their own follow their flags. */
const WRAPPERS: ReadonlyMap<string, number> = new Map([
  ...[
    'sudo',
    'nice',
    'ionice',
    'nohup',
    'env',
    'exec',
    'time',
    'setsid',
    'chronic',
    'cronic',
    'command',
    'run-one',
  ].map((name) => [name, 0] as const),
  ['flock', 1],
  ['timeout', 1],
  ['chrt', 1],
]);
/** Flags of these whose value is a word of its own. */
const VALUE_FLAGS = new Set(['-u', '-g', '-w', '-k', '-s', '-E']);
const INTERPRETERS = /^(?:sh|bash|dash|zsh|ksh|node|perl|php|python|ruby)[\d.]*$/;
const SCRIPT = /\.(?:sh|bash|py|pl|php|rb|js|ts|exp)$/;
const LONGEST = 56;

export function nameFor(command: string): string {
  const parts = command.split(/&&|\|\||[;|\n]/).map(wordsOf);
  const found = parts.map(program).find((name) => name !== null) ?? parts.flat()[0] ?? '';
  const name = found
    .replace(SCRIPT, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')
    .slice(0, LONGEST);
  return name === '' ? 'job' : name;
}

/** The same name for the second time gets a 2, and so on. */
export function uniqueName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}

const wordsOf = (text: string): readonly string[] =>
  text
    .split(/\s+/)
    .map((word) => word.replace(/^[("'{]+|[)"'}]+$/g, ''))
    .filter((word) => word !== '');

/** @returns null when there is none but what only prepares. */
function program(words: readonly string[]): string | null {
  const [first = '', ...rest] = words;
  if (first === '' || PRELUDES.has(first)) return null;
  if (/^\w+=/.test(first)) return program(rest);
  const base = baseName(first);
  const own = WRAPPERS.get(base);
  if (own !== undefined) return program(behindFlags(rest).slice(own)) ?? base;
  if (base === 'run-parts') return baseName(rest.at(-1) ?? base);
  if (!INTERPRETERS.test(base)) return base;
  const at = rest.findIndex((word) => !word.startsWith('-'));
  const flag = rest[at - 1] ?? '';
  if (/^-\w*c$/.test(flag)) return program(rest.slice(at));
  const script = /^-\w*[er]$/.test(flag) ? undefined : rest[at];
  return script === undefined ? base : baseName(script);
}

function behindFlags(words: readonly string[]): readonly string[] {
  const [first = '', ...rest] = words;
  if (!first.startsWith('-')) return words;
  const takesNext = VALUE_FLAGS.has(first) || /^\d+$/.test(rest[0] ?? '');
  return behindFlags(takesNext ? rest.slice(1) : rest);
}

const baseName = (path: string): string => path.split('/').findLast((part) => part !== '') ?? path;
