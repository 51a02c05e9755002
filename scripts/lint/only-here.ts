/**
 * What is done in one place only, so that it can be replaced, held still or tested there: starting processes, opening
 * engines, reading the environment, asking the time.
 */
import { relative } from 'node:path';
import type { Rule } from './rule.ts';

/** Module → the only places that may import it, as the beginnings of paths. */
const MODULES: Readonly<Record<string, readonly string[]>> = {
  ioredis: ['src/store/redis/'],
  'node:sqlite': ['src/store/sqlite/'],
  // The commands of jobs; and what is none of theirs: the editor and the browser of the person at a terminal, systemd's helper.
  'node:child_process': ['src/worker/executor/', 'src/cli/started/'],
};

/** Places that may ask the time: the program's clock and the page's. */
const CLOCKS = new Set(['src/clock.ts', 'static/src/clock.ts']);
const ENVIRONMENT = 'src/config/';

/** Reports modules, the environment and the time outside their places. Tests and scripts may use them all. */
export const onlyHere: Rule = {
  create(context) {
    const file = relative(context.cwd, context.filename);
    if (!/^(?:src|static)\//u.test(file) || file.endsWith('.test.ts')) return {};
    const report = (node: unknown, message: string): void => context.report({ node: node as never, message });

    const imported = (node: unknown, name: unknown): void => {
      const places = typeof name === 'string' ? MODULES[name] : undefined;
      if (places === undefined || places.some((place) => file.startsWith(place))) return;
      report(node, `Only ${places.join(' and ')} may import ${String(name)}.`);
    };
    const time = (node: unknown, what: string): void => {
      if (!CLOCKS.has(file)) report(node, `Only clock.ts asks the time: take a Clock instead of ${what}.`);
    };

    return {
      ImportDeclaration: (node) => imported(node, node.source.value),
      ImportExpression: (node) => imported(node, node.source.type === 'Literal' ? node.source.value : null),
      ImportSpecifier(node) {
        const parent = node.parent as { source?: { value?: unknown } };
        const name = node.imported.type === 'Identifier' ? node.imported.name : null;
        if (parent.source?.value === 'node:process' && name === 'env' && !file.startsWith(ENVIRONMENT)) {
          report(node, `Only ${ENVIRONMENT} reads the environment.`);
        }
        if (parent.source?.value === 'node:perf_hooks' && name === 'performance') time(node, 'performance');
      },
      MemberExpression(node) {
        const name = path(node);
        if (name === 'process.env' && !file.startsWith(ENVIRONMENT)) {
          report(node, `Only ${ENVIRONMENT} reads the environment.`);
        }
        const asks = name !== null && /^(?:Date\.now|performance\.now|process\.hrtime|Temporal\.Now)$/u.test(name);
        if (asks) time(node, name);
      },
      NewExpression(node) {
        const isDate = node.callee.type === 'Identifier' && node.callee.name === 'Date';
        if (isDate && node.arguments.length === 0) time(node, 'new Date()');
      },
      CallExpression(node) {
        if (node.callee.type === 'Identifier' && node.callee.name === 'Date') time(node, 'Date()');
      },
    };
  },
};

/** `a.b` of a plain member expression on a global or on `globalThis`; null for everything else. */
function path(node: { object: unknown; property: unknown; computed: boolean }): string | null {
  const object = node.object as { type: string; name?: string; property?: { name?: string } };
  const property = node.property as { type: string; name?: string; value?: unknown };
  const owner = object.type === 'Identifier' ? object.name : object.property?.name;
  const member = node.computed ? property.value : property.name;
  return typeof owner === 'string' && typeof member === 'string' ? `${owner}.${member}` : null;
}
