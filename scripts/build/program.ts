/**
 * src/ → what is shipped:
 *
 * - dist/jobsched.js and dist/part.*.js: the program for Node. What is imported lazily stays in a part of its own, so
 *   that `jobsched list` does not load the server.
 * - dist/client.js and dist/types/: the client library of the npm package, and what TypeScript knows of it.
 * - dist/jobsched.cjs: the program in one file, and dist/jobsched-clients.cjs: the same without the daemons, which is a
 *   third of it. The single binary has both (`scripts/package.ts`).
 */
import { execFile } from 'node:child_process';
import { glob, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { build, type BuildOptions } from 'esbuild';
import { withoutDaemons } from './without-daemons.ts';
import { withoutUnused } from './without-unused.ts';

const COMMON = {
  bundle: true,
  platform: 'node',
  target: 'node26',
  loader: { '.sql': 'text', '.lua': 'text' },
  legalComments: 'none',
  logLevel: 'warning',
  // Names in stack traces are worth more than the 20 % that renaming would save; nothing is downloaded at run time.
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: false,
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [withoutUnused],
} as const satisfies BuildOptions;

/** CommonJS packages inside an ES module call `require`, which ES modules do not have. */
const REQUIRE = `import { createRequire as $createRequire } from 'node:module'; const require = $createRequire(import.meta.url);`;

/** Writes all of the above but dist/types/. Parts of earlier builds are removed. */
export async function buildProgram(): Promise<void> {
  for await (const old of glob('dist/part.*.js')) await rm(old);
  await Promise.all([buildForNode(), buildForBinary()]);
}

async function buildForNode(): Promise<void> {
  await build({
    ...COMMON,
    entryPoints: { jobsched: 'src/cli/start.ts', client: 'src/client/client.ts' },
    outdir: 'dist',
    chunkNames: 'part.[hash]',
    format: 'esm',
    splitting: true,
    banner: { js: REQUIRE },
  });
}

async function buildForBinary(): Promise<void> {
  const inOneFile = { ...COMMON, format: 'cjs' } as const;
  await build({ ...inOneFile, entryPoints: ['src/cli/start.ts'], outfile: 'dist/jobsched.cjs' });
  await build({
    ...inOneFile,
    entryPoints: ['src/cli/start-binary.ts'],
    outfile: 'dist/jobsched-clients.cjs',
    plugins: [withoutUnused, withoutDaemons],
  });
}

/** Writes dist/types/: one file for each source that the client's types mention, so that none is said twice. */
export async function declareClient(): Promise<void> {
  await rm('dist/types', { recursive: true, force: true });
  await promisify(execFile)('node_modules/.bin/tsc', ['-p', 'scripts/build/client-types.json']);
}
