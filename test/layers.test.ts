/** Plants every violation that the project's own lint rules are there to catch, and sees the real lint catch it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** File and source that must be refused, and by which rule. */
const REFUSED: readonly (readonly [rule: string, file: string, source: string])[] = [
  // cli → daemon → {http, scheduler, worker} → store → domain
  ['layers', 'src/domain/a1.ts', `import { x } from '../store/store.ts';`],
  ['layers', 'src/domain/a2.ts', `export { x } from '../clock.ts';`],
  ['layers', 'src/store/a1.ts', `import { x } from '../scheduler/scheduler.ts';`],
  ['layers', 'src/store/a2.ts', `import type { x } from '../http/server.ts';`],
  ['layers', 'src/scheduler/a1.ts', `import { x } from '../worker/worker.ts';`],
  ['layers', 'src/scheduler/a2.ts', `import { x } from '../store/sqlite/sqlite-store.ts';`],
  ['layers', 'src/worker/a1.ts', `import { x } from '../http/server.ts';`],
  ['layers', 'src/worker/executor/a1.ts', `import { x } from '../worker.ts';`],
  ['layers', 'src/worker/executor/a2.ts', `import { x } from '../../store/store.ts';`],
  ['layers', 'src/http/a1.ts', `import { x } from '../scheduler/scheduler.ts';`],
  ['layers', 'src/http/a2.ts', `import { x } from '../config/settings.ts';`],
  ['layers', 'src/http/schema/a1.ts', `import { x } from '../server.ts';`],
  ['layers', 'src/a1.ts', `import { x } from './cli/main.ts';`],
  ['layers', 'src/daemon/daemon.ts', `export * from '../cli/main.ts';`],
  // cli → client, and nothing of the server but its types
  ['layers', 'src/cli/a1.ts', `import { x } from '../store/open.ts';`],
  ['layers', 'src/cli/a2.ts', `const x = import('../http/server.ts');`],
  ['layers', 'src/client/a1.ts', `import { x } from '../cli/main.ts';`],
  ['layers', 'src/client/a2.ts', `import { x } from '../http/schema/run-view.ts';`],
  ['layers', 'static/src/a1.ts', `import { x } from '../../src/http/schema/run-view.ts';`],
  ['layers', 'static/src/a2.tsx', `import type { x } from '../../src/http/server.ts';`],
  // one door to the engines, nothing from outside
  ['layers', 'src/daemon/a1.ts', `import { x } from '../store/sqlite/sqlite-store.ts';`],
  ['layers', 'src/store/redis/a1.ts', `import { x } from '../sqlite/sqlite-store.ts';`],
  ['layers', 'src/store/a3.ts', `import { x } from './sqlite/sqlite-store.ts';`],
  ['layers', 'src/worker/a2.ts', `import { x } from '../../test/support/clock.ts';`],
  // the domain is pure
  ['layers', 'src/domain/a3.ts', `import { readFile } from 'node:fs';`],
  ['layers', 'src/domain/a4.ts', `const crypto = import('node:crypto');`],
  // one place each
  ['only-here', 'src/store/a4.ts', `import { Redis } from 'ioredis';`],
  ['only-here', 'src/store/redis/a2.ts', `import { DatabaseSync } from 'node:sqlite';`],
  ['only-here', 'src/worker/a3.ts', `import { spawn } from 'node:child_process';`],
  ['only-here', 'src/cli/a3.ts', `export const home = process.env['HOME'];`],
  ['only-here', 'src/cli/a4.ts', `import { env } from 'node:process';`],
  ['only-here', 'src/http/a3.ts', `export const now = Date.now();`],
  ['only-here', 'src/http/a4.ts', `export const now = new Date();`],
  ['only-here', 'src/http/a5.ts', `export const now = Date();`],
  ['only-here', 'src/http/a6.ts', `export const now = globalThis.performance.now();`],
  ['only-here', 'src/http/a7.ts', `export const now = process.hrtime.bigint();`],
  ['only-here', 'src/http/a8.ts', `export const now = Temporal.Now.instant();`],
  ['only-here', 'static/src/a3.ts', `export const now = Date.now();`],
  // and a word with every exception
  ['disable-needs-reason', 'src/a2.ts', `// oxlint-disable-next-line no-console\nconsole.log(1);`],
  ['disable-needs-reason', 'src/a3.ts', `/* eslint-disable no-console -- */\nconsole.log(1);`],
];

/** The same things where they belong. */
const ALLOWED: readonly (readonly [file: string, source: string])[] = [
  ['src/domain/b1.ts', `import { x } from '../errors.ts';\nimport { Cron } from 'croner';`],
  ['src/store/open.ts', `import { x } from './sqlite/sqlite-store.ts';`],
  ['src/store/sqlite/b1.ts', `import { DatabaseSync } from 'node:sqlite';\nimport type { x } from '../store.ts';`],
  ['src/store/redis/b1.ts', `import { Redis } from 'ioredis';`],
  ['src/worker/b1.ts', `import { x } from './executor/executor.ts';`],
  ['src/worker/executor/b1.ts', `import { spawn } from 'node:child_process';`],
  ['src/http/b1.ts', `import page from '../../dist/page.json' with { type: 'json' };`],
  ['src/http/b2.ts', `export const slot = new Date(0);`],
  ['src/b1.ts', `import version from '../package.json' with { type: 'json' };`],
  ['src/cli/b1.ts', `import { x } from '../client/client.ts';\nexport const daemon = import('../daemon/daemon.ts');`],
  ['src/client/b1.ts', `import type { x } from '../http/schema/run-view.ts';`],
  ['static/src/b1.tsx', `import type { x } from '../../src/http/schema/run-view.ts';`],
  ['src/config/b1.ts', `export const home = process.env['HOME'];`],
  ['src/clock.ts', `export const now = Date.now();`],
  ['src/domain/b2.test.ts', `import { x } from '../store/open.ts';\nexport const now = Date.now();`],
  ['src/b2.ts', `// oxlint-disable-next-line no-console -- a reason\nconsole.log(1);`],
];

const root = resolve(import.meta.dirname, '..');
let folder = '';
let found: ReadonlyMap<string, readonly string[]> = new Map();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'jobsched-layers-'));
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'));
  for (const shared of ['scripts', 'node_modules']) symlinkSync(join(root, shared), join(folder, shared));
  for (const [, file, source] of REFUSED) plant(file, source);
  for (const [file, source] of ALLOWED) plant(file, source);
  found = lint();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the lint refuses', () => {
  test.each(REFUSED)('%s: %s: %s', (rule, file) => {
    expect(found.get(file)).toEqual([`jobsched(${rule})`]);
  });
});

describe('the lint allows', () => {
  test.each(ALLOWED)('%s: %s', (file) => {
    expect(found.get(file)).toBeUndefined();
  });
});

function plant(file: string, source: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), `${source}\n`);
}

/** File → the project's own rules that refused it. */
function lint(): Map<string, string[]> {
  const oxlint = join(root, 'node_modules/.bin/oxlint');
  const { stdout } = spawnSync(process.execPath, [oxlint, '--format=json', 'src', 'static'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; filename: string }[] };
  const own = diagnostics.filter(({ code }) => code.startsWith('jobsched('));
  return own.reduce((files, { code, filename }) => {
    return files.set(filename, [...(files.get(filename) ?? []), code]);
  }, new Map<string, string[]>());
}
