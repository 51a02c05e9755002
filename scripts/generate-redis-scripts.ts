/**
 * Puts the Lua scripts of `src/store/redis/lua/` into a TypeScript file, so that a bundle and the single binary carry them.
 *
 *   node scripts/generate-redis-scripts.ts           writes it
 *   node scripts/generate-redis-scripts.ts --check   exits 1 when it is stale
 *
 * A script is one file: its shebang, then its contract as comments, then a line `--! engine effects …` that names the
 * parts of `lua/lib/` that it is built on, in order. All of them get what TypeScript knows better: names of fields, the
 * table of run states, and numbers.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KEPT_VERSIONS } from '../src/domain/job.ts';
import { HOUR, SECOND } from '../src/domain/instant.ts';
import { BLOCK_BYTES } from '../src/domain/output/block.ts';
import { MOST_WAITING } from '../src/domain/overlap.ts';
import { allMoves } from '../src/domain/run-state.ts';
import { IDEMPOTENCY_HOURS } from '../src/store/jobs.ts';
import { LEASE } from '../src/store/leases.ts';
import { USUAL_LOST_AFTER, USUAL_OUTPUT_LIMIT } from '../src/store/redis/facts.ts';
import {
  ATTEMPT_FIELDS,
  JOB_FIELDS,
  PLACE_CODES,
  RUN_FIELDS,
  STATUS_CODES,
  TRIGGER_CODES,
} from '../src/store/redis/layout.ts';
import { MOST_ITEMS } from '../src/store/store.ts';

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

function generate(): string {
  const parts = luaFiles(join(folder, 'lib')).map(
    ([name, source]) => `  ${name}: ${literal(withoutComments(source))},\n`,
  );
  const scripts = luaFiles(folder).map(([name, source]) => {
    const { shebang, built, body } = split(name, source);
    const list = built.map((part) => `'${part}'`).join(', ');
    return `  '${name}': { shebang: '${shebang}', parts: [${list}], body: ${literal(withoutComments(body))} },\n`;
  });
  return [
    '/** Made by scripts/generate-redis-scripts.ts from lua/. Do not edit. */\n\n',
    '/** What scripts are built on, the constants before all. */\n',
    `export const PARTS = {\n  constants: ${literal(constants())},\n${parts.join('')}} as const;\n\n`,
    '/** All scripts, by the name of their file. */\n',
    `export const SCRIPTS = {\n${scripts.join('')}} as const;\n`,
  ].join('');
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

/** Whoever reads the scripts in Redis finds them explained here. */
function withoutComments(source: string): string {
  return source
    .split('\n')
    .filter((line) => !/^\s*(--.*)?$/.test(line))
    .join('\n');
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
    `local LEASE, LOST_AFTER = ${LEASE}, ${USUAL_LOST_AFTER}`,
    `local OUTPUT_LIMIT, BLOCK_BYTES = ${USUAL_OUTPUT_LIMIT}, ${BLOCK_BYTES}`,
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
