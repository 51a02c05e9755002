/** `jobsched/client`, as somebody's own TypeScript finds it who installed the package. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();
const run = promisify(execFile);

const CONSUMER = `
import { createClient, JobschedError, type Client, type ErrorCode, type JobView, type NewJobBody } from 'jobsched/client';

const client: Client = createClient({ server: process.argv[2] ?? '' });
const body: NewJobBody = { command: 'date', schedule: '@every 90s', tags: ['mine'] };
const job: JobView = await client.jobs.create(body);
// @ts-expect-error -- no such field
const misspelt: NewJobBody = { command: 'date', schedul: '' };
// @ts-expect-error -- a status is no number
const wrong: number = job.status;
for await (const run of client.runs.all({ job: job.id })) console.log(run.number satisfies number);
const code = await client.jobs.get('nobody').catch((error: unknown): ErrorCode | null =>
  error instanceof JobschedError ? error.code : null,
);
console.log(job.status, code, misspelt.command, wrong);
await client.close();
`;

/** The examples of the documentation, one after the other, of this server. */
const EXAMPLES = [...readFileSync('docs/client.md', 'utf8').matchAll(/^```ts\n(.*?)^```$/gmsu)]
  .map(([, code]) => code)
  .join('\n')
  .replace("'http://localhost:8080'", "process.argv[2] ?? ''");

/** What they print. */
const PRINTED = `nightly paused
1 of 1 resumed
hello
done
succeeded
11
1 hello 1
2
invalid_schedule schedule
true
ok
`;

test('is typed in full, and runs, as do the examples of its documentation', async () => {
  await using folder = await temporaryFolder();
  const modules = join(folder.path, 'node_modules');
  await mkdir(join(modules, 'jobsched'), { recursive: true });
  await mkdir(join(modules, '@types'));
  const { stdout } = await run('npm', ['pack', '--json', '--silent', '--pack-destination', folder.path]);
  const [name] = /jobsched-[\w.-]+\.tgz/.exec(stdout) ?? [''];
  await run('tar', ['-xzf', join(folder.path, name), '-C', join(modules, 'jobsched'), '--strip-components=1']);
  // What npm would install beside it, and what everybody has who writes TypeScript for Node.
  for (const other of ['zod', 'undici', '@types/node', 'undici-types']) {
    await symlink(resolve('node_modules', other), join(modules, other));
  }
  await writeFile(join(folder.path, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder.path, 'consumer.ts'), CONSUMER);
  await writeFile(join(folder.path, 'examples.ts'), EXAMPLES);

  const tsc = resolve('node_modules/.bin/tsc');
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--types', 'node'];
  for (const how of [['nodenext'], ['esnext', '--moduleResolution', 'bundler']]) {
    const flags = ['--noEmit', '--target', 'esnext', ...strict, '--module', ...how, 'consumer.ts', 'examples.ts'];
    const checked = await run(tsc, flags, { cwd: folder.path }).catch((error: unknown) => error);
    expect(checked).toMatchObject({ stdout: '' });
  }
  const ran = await run(process.execPath, ['consumer.ts', server.url], { cwd: folder.path });
  expect(ran).toEqual({ stdout: 'scheduled not_found date scheduled\n', stderr: '' });
  const shown = await run(process.execPath, ['examples.ts', server.url], { cwd: folder.path });
  expect(shown).toEqual({ stdout: PRINTED, stderr: '' });
});
