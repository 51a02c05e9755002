/**
 * `npm run package`: dist/jobsched.cjs → dist/bin/jobsched-linux-x64, one file with Node and everything else inside.
 *
 * pkg puts the program into a copy of Node as a "single executable application". It would download that Node; it does
 * not when its cache holds one already. So it gets a home of its own under dist/ whose cache is the Node of
 * node_modules, marked as downloaded and verified (npm verified it).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import manifest from '../package.json' with { type: 'json' };

const TARGET = 'linux-x64';
const OUT = `dist/bin/jobsched-${TARGET}`;
const HOME = resolve('dist/pkg-home');

const begun = performance.now();
run('scripts/build.ts', ['program', '--if-stale']);
seedCache();
pack();
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
console.log(`${OUT} ${(statSync(OUT).size / 2 ** 20).toFixed(0)} MiB, in ${seconds} s`);

function seedCache(): void {
  const node = `node-v${manifest.optionalDependencies[`node-${TARGET}`]}-${TARGET}`;
  const cache = join(HOME, '.pkg-cache/sea');
  rmSync(HOME, { recursive: true, force: true });
  mkdirSync(join(cache, node, 'bin'), { recursive: true });
  symlinkSync(resolve(`node_modules/node-${TARGET}/bin/node`), join(cache, node, 'bin/node'));
  const marks = [`${node}/bin/node.ok`, `${node}.tar.gz`, `${node}.tar.gz.ok`];
  for (const mark of marks) writeFileSync(join(cache, mark), '');
}

function pack(): void {
  const target = `node${manifest.optionalDependencies[`node-${TARGET}`]}-${TARGET}`;
  run('node_modules/.bin/pkg', ['--sea', '--targets', target, '--output', OUT, 'dist/jobsched.cjs'], {
    ...process.env,
    HOME,
  });
}

/** Runs a script with this same Node. */
function run(script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stdout, stderr, error } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
  if (status === 0) return;
  console.error(`${script} ${args.join(' ')} failed:\n${[stdout, stderr, error?.message].filter(Boolean).join('\n')}`);
  process.exit(1);
}
