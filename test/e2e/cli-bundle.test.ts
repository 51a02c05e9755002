/** The program as it is shipped: bundled, where a package that is loaded late may look otherwise than in a checkout. */
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { withoutUnused } from '../../scripts/build/without-unused.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();

test('list, in colour and as a table', async () => {
  await using folder = await temporaryFolder();
  await mkdir(join(folder.path, 'bin'));
  await copyFile('bin/jobsched.js', join(folder.path, 'bin/jobsched.js'));
  await copyFile('package.json', join(folder.path, 'package.json'));
  await build({
    entryPoints: { jobsched: 'src/cli/start.ts' },
    outdir: join(folder.path, 'dist'),
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    loader: { '.sql': 'text' },
    banner: { js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);` },
    plugins: [withoutUnused],
    logLevel: 'error',
  });
  await server.client.jobs.create({ command: 'true', name: 'shipped', schedule: '@yearly' });
  const program = [process.execPath, join(folder.path, 'bin/jobsched.js')] as const;
  const ran = await runProgram(['list', '--color', 'always'], { server: server.url, program: [...program] });
  expect(ran).toMatchObject({ stderr: '', code: 0 });
  // oxlint-disable-next-line no-control-regex -- the colours are what this looks for
  expect(ran.stdout).toMatch(/\u001b\[1mshipped\u001b\[22m +at 00:00/i);
});
