/** `jobsched doctor` as people run it, with a server and without. */
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Finding } from '../../src/domain/finding.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runProgram } from '../support/program.ts';
import { standaloneForFile } from '../support/standalone-for-file.ts';

const server = standaloneForFile();

/** But for the disk, which is the machine's. */
function wrong(stdout: string): readonly string[] {
  const { findings } = JSON.parse(stdout) as { readonly findings: readonly Finding[] };
  return findings.filter(({ level, check }) => level !== 'ok' && check !== 'disk').map(({ check }) => check);
}

test('of a standalone that is well: each thing with its sign', async () => {
  const ran = await runProgram(['doctor', '-o', 'json'], { server: server.url });
  expect(ran.stderr).toBe('');
  expect(wrong(ran.stdout)).toEqual([]);
  const { stdout } = await runProgram(['doctor'], { server: server.url });
  expect(stdout).toMatch(/^✓ persistence +what is acknowledged is on the disk/m);
  expect(stdout).toMatch(/\n\d+ checks: (?:1 problem|\d problems), (?:1 warning|\d warnings)\n$/);
});

test('a queue that nobody serves is a problem, with what to type', async () => {
  await server.client.jobs.create({ command: 'true', queue: 'gpu' });
  await server.client.jobs.create({ command: 'true', queue: 'host:web-2' });
  const { stdout, code } = await runProgram(['doctor'], { server: server.url });
  expect(code).toBe(1);
  expect(stdout).toMatch(
    /✗ queues +1 run waits in gpu, which no worker serves\n +→ Start it with this queue too: npx jobsched standalone --queue default,gpu\n/,
  );
  expect(stdout).toMatch(
    /✗ queues +1 run waits in host:web-2, which no worker serves\n +→ They are pinned to web-2, which this is not: change the queue of their jobs\.\n/,
  );
});

test('without a server: what can be seen from here, and what cannot', async () => {
  await using folder = await temporaryFolder();
  const key = join(folder.path, 'key');
  await writeFile(key, 'jsk_x');
  await chmod(key, 0o644);
  const env = { JOBSCHED_KEY_FILE: key, JOBSCHED_PROT: '80' };
  const { stdout, code } = await runProgram(['doctor', '-o', 'json'], { server: 'http://127.0.0.1:1', env });
  expect(code).toBe(1);
  const found = wrong(stdout);
  expect(found).toEqual(expect.arrayContaining(['settings', 'server', 'the rest']));
  expect(stdout).toContain('JOBSCHED_PROT');
  expect(stdout).toMatch(/jobsched standalone\. Or name another with /);
});
