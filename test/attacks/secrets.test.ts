/**
 * Where a secret could come out: the environment and the arguments of commands, of their parent, logs, metrics, answers
 * (Airflow CVE-2024-45784). The secret is the password of Redis, which every daemon has to know.
 */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { expect, it, onTestFinished } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { startDaemonProcess, type DaemonProcess } from '../support/daemon-process.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startRedis } from '../support/redis.ts';
import { textOf, untilStatus } from '../support/site.ts';

const CANARY = `canary${randomBytes(12).toString('hex')}`;

/** What a job can look at of itself and of whoever started it, and so on upwards. */
const LOOK = `
env
pid=$$
while [ "$pid" -gt 1 ]; do
  tr '\\0' '\\n' </proc/$pid/environ
  tr '\\0' '\\n' </proc/$pid/cmdline
  pid=$(sed 's/.*) . //; s/ .*//' </proc/$pid/stat)
  grep -q jobsched /proc/$pid/cmdline || break
done
echo looked
`;

/** Everything that a server and a worker, told the secret in this way, show to anybody. */
async function shownWith(env: Readonly<Record<string, string>>, folder: string, port: number) {
  const start = async (args: readonly string[]): Promise<DaemonProcess> => {
    const daemon = await startDaemonProcess({ folder, env, args: [...args, '--redis-addr', `127.0.0.1:${port}`] });
    onTestFinished(() => daemon[Symbol.asyncDispose]());
    return daemon;
  };
  const server = await start(['serve', '--port', '0', '--log-level', 'debug']);
  const worker = await start(['worker', '--name', 'w', '--log-level', 'debug']);
  const client = createClient({ server: server.url });
  onTestFinished(() => client.close());
  const { id } = await client.jobs.create({ command: LOOK });
  await untilStatus(client, `${id}.1`, 'succeeded');
  const output = await textOf(client, `${id}.1`);
  const paths = [
    '/metrics',
    '/api/stats',
    '/api/workers',
    '/api/queues',
    '/readyz',
    '/api/openapi.json',
    `/api/jobs/${id}`,
  ];
  const answers = await Promise.all(paths.map(async (path) => (await fetch(server.url + path)).text()));
  return { output, answers: answers.join(''), logs: JSON.stringify([server.log, worker.log]) };
}

it('a secret that is handed over in a file comes out nowhere', async () => {
  await using folder = await temporaryFolder();
  await using redis = await startRedis({ settings: ['--requirepass', CANARY] });
  const file = `${folder.path}/password`;
  await writeFile(file, CANARY, { mode: 0o600 });
  const shown = await shownWith({ JOBSCHED_REDIS_PASS_FILE: file }, folder.path, redis.port);
  expect(shown.output).toContain('looked');
  expect(shown.output).toContain('JOBSCHED_RUN_ID');
  for (const each of Object.values(shown)) expect(each).not.toContain(CANARY);
});

it('red control: one that stands in the environment of the worker is no secret to its commands', async () => {
  await using folder = await temporaryFolder();
  await using redis = await startRedis({ settings: ['--requirepass', CANARY] });
  const { output, answers, logs } = await shownWith({ JOBSCHED_REDIS_PASS: CANARY }, folder.path, redis.port);
  // The kernel shows it to the same user, whatever we do: docs/security-tests.md says so.
  expect(output).toContain(CANARY);
  // The commands' own environment has it not.
  expect(output.slice(0, output.indexOf('JOBSCHED_REDIS_PASS'))).not.toContain(CANARY);
  expect(answers + logs).not.toContain(CANARY);
});

it('what a daemon is asked for is not in its log', async () => {
  await using folder = await temporaryFolder();
  const args = ['standalone', '--port', '0', '--data-dir', folder.path, '--log-level', 'debug'];
  await using server = await startDaemonProcess({ folder: folder.path, args });
  const headers = {
    authorization: `Bearer ${CANARY}`,
    cookie: `session=${CANARY}`,
    'content-type': 'application/json',
  };
  const answers = [
    await fetch(`${server.url}/api/jobs`, { headers }),
    await fetch(`${server.url}/api/nothing?key=${CANARY}`, { headers }),
    await fetch(`${server.url}/api/jobs`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ env: { A: CANARY }, x: 1 }),
    }),
  ];
  for (const answer of answers) expect(await answer.text()).not.toContain(CANARY);
  await server.end('SIGTERM');
  expect(server.log.length).toBeGreaterThan(0);
  expect(JSON.stringify(server.log)).not.toContain(CANARY);
});
