/**
 * Puts the Lua scripts of `src/store/redis/lua/` into a TypeScript file, so that a bundle and the single binary carry them.
 *
 *   node scripts/generate-redis-scripts.ts           writes it
 *   node scripts/generate-redis-scripts.ts --check   exits 1 when it is stale
 *
 * A script is one file: its shebang, then its contract as comments, then a line `--! engine effects …` that names the
 * parts of `lua/lib/` that it is built on, in order. All of them get what TypeScript knows better: names of fields, the
 * table of run states, and numbers.
 *
 * Redis runs a script from its first line at each call, so each carries only those definitions of its parts that it
 * reaches: a definition is what begins at the left edge of a part.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_VERSIONS } from '../src/domain/job.ts';
import { HOUR, SECOND } from '../src/domain/instant.ts';
import { BLOCK_BYTES } from '../src/domain/output/block.ts';
import { MOST_WAITING } from '../src/domain/overlap.ts';
import { allMoves } from '../src/domain/run-state.ts';
import { BEYOND, DURATION_BOUNDS, LATENESS_BOUNDS } from '../src/domain/spread.ts';
import { IDEMPOTENCY_HOURS } from '../src/store/jobs.ts';
import { LEASE } from '../src/store/leases.ts';
import { USUAL_LOST_AFTER, USUAL_OUTPUT_LIMIT } from '../src/store/redis/jobs/facts.ts';
import { VERSION_RISES_AFTER } from '../src/store/redis/link/installation.ts';
import {
  ATTEMPT_FIELDS,
  JOB_FIELDS,
  PLACE_CODES,
  RUN_FIELDS,
  STATUS_CODES,
  TRIGGER_CODES,
} from '../src/store/redis/layout.ts';
import { MOST_ITEMS } from '../src/store/store.ts';

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RUN_FIELDS,
  JOB_FIELDS,
  STATUS_CODES,
  PLACE_CODES,
  TRIGGER_CODES,
};

/** Defined with the look whether the installation is still the caller's: every script takes that, and refuses. */
const EVERYWHERE = 'INSTALLATION';

const root = join(import.meta.dirname, '..');
const folder = join(root, 'src/store/redis/lua');
const target = join(root, 'src/store/redis/generated/scripts.ts');

const wanted = generate();
if (process.argv.includes('--check')) {
  if (readFileSync(target, 'utf8') !== wanted) {
    console.error(`${target} is stale: run node scripts/generate-redis-scripts.ts`);
    process.exit(1);
  }
} else {
  writeFileSync(target, wanted);
}

/** What stands at the left edge of a part, with what belongs to it. */
interface Definition {
  /** `<part>.<first name>`, and a number where a part gives a name its value later. */
  readonly key: string;
  readonly names: readonly string[];
  readonly text: string;
}

function generate(): string {
  const parts = new Map(
    [['constants', constants()] as const, ...luaFiles(join(folder, 'lib'))].map(([name, source]) => [
      name,
      definitions(name, withoutComments(source)),
    ]),
  );
  const scripts = luaFiles(folder).map(([name, source]) => {
    const { shebang, built, body } = split(name, source);
    const text = withoutComments(body);
    const reached = reach(
      `${EVERYWHERE} ${text}`,
      ['constants', ...built].flatMap((part) => parts.get(part) ?? []),
    );
    const list = reached.map(({ key }) => `'${key}'`).join(', ');
    return `  '${name}': { shebang: '${shebang}', parts: [${list}], body: ${literal(text)} },\n`;
  });
  const texts = [...parts.values()].flat().map(({ key, text }) => `  '${key}': ${literal(text)},\n`);
  return [
    '/** Made by scripts/generate-redis-scripts.ts from lua/. Do not edit. */\n\n',
    '/** What scripts are built on, by part and name. */\n',
    `export const PARTS = {\n${texts.join('')}} as const;\n\n`,
    '/** All scripts, by the name of their file, with the parts that they reach, in order. */\n',
    `export const SCRIPTS = {\n${scripts.join('')}} as const;\n`,
  ].join('');
}

function definitions(part: string, source: string): Definition[] {
  const texts = source.split(/\n(?=local |[A-Za-z_]\w* = )/);
  const keys = new Map<string, number>();
  return texts.map((text) => {
    const names = namesOf(text);
    const key = `${part}.${names[0]}`;
    const count = (keys.get(key) ?? 0) + 1;
    keys.set(key, count);
    return { key: count === 1 ? key : `${key}.${count}`, names, text };
  });
}

/** @throws Error for what defines nothing: a part only defines. */
function namesOf(text: string): string[] {
  const [, names] = /^(?:local )?(?:function )?(\w+(?:, \w+)*)/.exec(text) ?? [];
  if (names === undefined) throw new Error(`a part of a script that defines nothing: ${text}`);
  return names.split(', ');
}

/** Those that the text names, and those that these name, in their order. */
function reach(text: string, all: readonly Definition[]): Definition[] {
  const reached = new Set<Definition>();
  const follow = (from: string): void => {
    const words = new Set(from.match(/[A-Za-z_]\w*/g));
    for (const definition of all) {
      if (reached.has(definition) || !definition.names.some((name) => words.has(name))) continue;
      reached.add(definition);
      follow(definition.text);
    }
  };
  follow(text);
  return all.filter((definition) => reached.has(definition));
}

function luaFiles(path: string): [name: string, source: string][] {
  const files = readdirSync(path).filter((file) => file.endsWith('.lua'));
  return files.toSorted().map((file) => [file.slice(0, -'.lua'.length), readFileSync(join(path, file), 'utf8')]);
}

/** @throws Error when it does not begin with a shebang, or names no parts. */
function split(name: string, source: string): { shebang: string; built: string[]; body: string } {
  const [shebang = '', ...lines] = source.split('\n');
  const built = lines.find((line) => line.startsWith('--! '))?.slice('--! '.length);
  if (!shebang.startsWith('#!lua')) throw new Error(`${name}.lua does not begin with #!lua`);
  if (built === undefined) throw new Error(`${name}.lua does not name the parts that it is built on`);
  return { shebang, built: built.split(' '), body: lines.join('\n') };
}

function literal(text: string): string {
  return `\`${text.replaceAll(/[\\`]|\$\{/g, String.raw`\$&`)}\``;
}

/** Whoever reads the scripts in Redis finds them explained here. Words with a code are written as that code. */
function withoutComments(source: string): string {
  return source
    .split('\n')
    .filter((line) => !/^\s*(--.*)?$/.test(line))
    .join('\n')
    .replaceAll(/\b([A-Z]+_(?:FIELDS|CODES))\.(\w+)/g, (_, words: string, word: string) => `'${code(words, word)}'`);
}

/** @throws Error for a word that has none. */
function code(words: string, word: string): string {
  const found = WORDS[words]?.[word];
  if (found === undefined) {
    throw new Error(`a script names ${words}.${word}, which src/store/redis/layout.ts does not have`);
  }
  return found;
}

function constants(): string {
  const moves = Map.groupBy(allMoves(), ({ from }) => from);
  const rows = [...moves].map(
    ([from, list]) => `${from} = ${table(Object.fromEntries(list.map(({ event, to }) => [event, to])))}`,
  );
  return [
    `local MOVES = { ${rows.join(', ')} }`,
    ...both('RUN_FIELDS', 'RUN_FIELD_NAMES', RUN_FIELDS),
    `local ATTEMPT_FIELDS = { ${ATTEMPT_FIELDS.map((name) => `'${name}'`).join(', ')} }`,
    ...both('JOB_FIELDS', 'JOB_FIELD_NAMES', JOB_FIELDS),
    ...both('STATUS_CODES', 'STATUS_NAMES', STATUS_CODES),
    ...both('PLACE_CODES', 'PLACE_NAMES', PLACE_CODES),
    ...both('TRIGGER_CODES', 'TRIGGER_NAMES', TRIGGER_CODES),
    `local MOST_ITEMS, MOST_WAITING, KEPT_VERSIONS = ${MOST_ITEMS}, ${MOST_WAITING}, ${KEPT_VERSIONS}`,
    `local VERSION_RISES_AFTER = ${VERSION_RISES_AFTER}`,
    `local LEASE, LOST_AFTER = ${LEASE}, ${USUAL_LOST_AFTER}`,
    `local OUTPUT_LIMIT, BLOCK_BYTES = ${USUAL_OUTPUT_LIMIT}, ${BLOCK_BYTES}`,
    `local LATENESS_BOUNDS, DURATION_BOUNDS = { ${LATENESS_BOUNDS.join(', ')} }, { ${DURATION_BOUNDS.join(', ')} }`,
    `local BEYOND = '${BEYOND}'`,
    `local SECOND, REQUEST_LIFE = ${SECOND}, ${IDEMPOTENCY_HOURS * HOUR}`,
  ].join('\n');
}

/** A table from words to what is stored, and the one back. */
function both(name: string, back: string, words: Readonly<Record<string, string>>): string[] {
  const reversed = Object.fromEntries(Object.entries(words).map(([word, code]) => [code, word]));
  return [`local ${name} = ${table(words)}`, `local ${back} = ${table(reversed)}`];
}

function table(entries: Readonly<Record<string, string>>): string {
  return `{ ${Object.entries(entries)
    .map(([key, value]) => `${key} = '${value}'`)
    .join(', ')} }`;
}
