/**
 * Who may know whom: `cli → daemon → {http, scheduler, worker} → store/store.ts → domain`; `cli → client`. Never the
 * other way. The table below is the law; docs/architecture.md explains it.
 */
import { relative, resolve } from 'node:path';
import type { Rule } from './rule.ts';

interface Part {
  /** Paths of src/ that belong to the part: a folder (with its slash) or a file. */
  readonly paths: readonly string[];
  /** The parts that it may import, besides itself. */
  readonly knows: readonly string[];
  /** The parts of which it may import types, which are gone at run time. */
  readonly knowsTypesOf?: readonly string[];
  /** What it may import from outside src/. */
  readonly outside?: readonly string[];
  /** True when it must not import anything of Node's. */
  readonly pure?: boolean;
}

/** As much of a syntax node as is looked at. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
}

const BASE = ['domain', 'base'];

const PARTS: Readonly<Record<string, Part>> = {
  errors: { paths: ['src/errors.ts'], knows: [], pure: true },
  domain: { paths: ['src/domain/'], knows: ['errors'], pure: true },
  base: { paths: ['src/'], knows: ['domain', 'errors'], outside: ['package.json'] },
  store: { paths: ['src/store/'], knows: [...BASE, 'errors'] },
  sqlite: { paths: ['src/store/sqlite/'], knows: [...BASE, 'errors', 'store'] },
  redis: { paths: ['src/store/redis/'], knows: [...BASE, 'errors', 'store'] },
  open: { paths: ['src/store/open.ts'], knows: [...BASE, 'errors', 'store', 'sqlite', 'redis'] },
  metrics: { paths: ['src/metrics.ts', 'src/metrics/'], knows: [...BASE, 'errors', 'store'] },
  scheduler: { paths: ['src/scheduler/'], knows: [...BASE, 'errors', 'store'] },
  executor: { paths: ['src/worker/executor/'], knows: [...BASE, 'errors'] },
  worker: { paths: ['src/worker/'], knows: [...BASE, 'errors', 'store', 'executor'] },
  schema: { paths: ['src/http/schema/'], knows: ['domain', 'errors'] },
  http: { paths: ['src/http/'], knows: [...BASE, 'errors', 'store', 'schema', 'judge'], outside: ['dist/page.json'] },
  // What a job must be, for files of jobs that are checked without a server.
  judge: { paths: ['src/http/job/judge.ts'], knows: [...BASE, 'errors', 'http', 'schema'] },
  client: { paths: ['src/client/'], knows: [...BASE, 'errors'], knowsTypesOf: ['schema'] },
  config: { paths: ['src/config/'], knows: [...BASE, 'errors'] },
  daemon: {
    paths: ['src/daemon/'],
    knows: [...BASE, 'errors', 'config', 'http', 'metrics', 'open', 'scheduler', 'store', 'worker', 'executor'],
  },
  cli: {
    paths: ['src/cli/'],
    knows: [...BASE, 'errors', 'client', 'config', 'daemon', 'judge'],
    knowsTypesOf: ['schema'],
  },
  page: { paths: ['static/'], knows: [], knowsTypesOf: ['schema', 'domain', 'errors'] },
};

/** Reports an import that goes against the table. Tests may import anything. */
export const layers: Rule = {
  create(context) {
    const file = relative(context.cwd, context.filename);
    const from = partOf(file);
    if (from === null || file.endsWith('.test.ts')) return {};
    const check = (source: Node | null, typeOnly: boolean): void => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      const problem = forbidden(from, file, source.value, typeOnly);
      if (problem !== null) context.report({ node: source as never, message: problem });
    };
    return {
      ImportDeclaration: (node) => check(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => check(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => check(node.source, false),
    };
  },
};

/** The part that a path belongs to: the one with the longest match; null outside src/ and static/. */
function partOf(path: string): string | null {
  const matches = Object.entries(PARTS).flatMap(([name, part]) =>
    part.paths.filter((known) => path.startsWith(known)).map((known) => ({ name, length: known.length })),
  );
  return matches.toSorted((a, b) => b.length - a.length)[0]?.name ?? null;
}

function forbidden(from: string, file: string, specifier: string, typeOnly: boolean): string | null {
  const part = PARTS[from];
  if (part === undefined) return null;
  if (!specifier.startsWith('.')) {
    const isNode = specifier.startsWith('node:');
    return part.pure && isNode ? `${from} is pure: no I/O, no clock, so nothing of Node. (${specifier})` : null;
  }
  const target = relative('.', resolve(file, '..', specifier));
  const to = partOf(target);
  if (to === from) return null;
  if (to === null) {
    return part.outside?.includes(target) ? null : `src and static stand alone: ${from} may not import ${target}.`;
  }
  if (part.knows.includes(to)) return null;
  if (part.knowsTypesOf?.includes(to)) {
    return typeOnly ? null : `${from} may know only the types of ${to}: write \`import type\`.`;
  }
  return `${from} may not know ${to}. Who may know whom is in scripts/lint/layers.ts.`;
}
