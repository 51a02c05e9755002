/**
 * Malformed HTTP on the raw socket, made of valid requests by chance: each connection is answered or closed, nothing is
 * answered with 5xx, nothing in the log is a bug, and the server goes on as before. Half of them show the key of an admin. `npm test` takes a sample; 100,000
 * connections in `npm run test:long`. `JOBSCHED_TEST_SEED=7` makes the connections of that seed again.
 */
import { expect, test } from 'vitest';
import { createClient } from '../../src/client/client.ts';
import { Chance } from '../simulation/chance.ts';
import { temporaryFolder } from '../support/folder.ts';
import { long } from '../support/long.ts';
import { mostResident, residentFromNow } from '../support/memory.ts';
import { exchange, statusesOf } from '../support/raw-http.ts';
import { startStandalone } from '../support/standalone.ts';
import { malformedRequest } from './mutate.ts';

const CONNECTIONS = long ? 100_000 : 3_000;
const AT_ONCE = 40;
const seed = Number(process.env['JOBSCHED_TEST_SEED'] ?? (long ? Date.now() % 1_000_000 : 5));

/** Between what the first thousand connections leave resident and the most that all others take. */
const MOST_MORE_BYTES = 200 * 2 ** 20;

test(`${CONNECTIONS} malformed connections of seed ${seed} do no harm`, { timeout: 1_800_000 }, async () => {
  await using folder = await temporaryFolder();
  // Its worker serves no queue that a job of ours can be in: nothing of this is ever run.
  const flags = ['--auth', 'none', '--queue', 'nobody'];
  await using server = await startStandalone({ folder: folder.path, flags });
  const target = { port: Number(new URL(server.url).port) };
  const { pid = 0 } = server.process;
  const client = createClient({ server: server.url });
  const { key } = await client.keys.create({ name: 'fuzzer', role: 'admin' });
  const chance = new Chance(seed);
  const tally = new Map<string, number>();
  let made = 0;
  const send = async (until: number): Promise<void> => {
    while (made < until) {
      made += 1;
      const request = malformedRequest(chance, made % 2 === 0 ? '' : `Authorization: Bearer ${key}\r\n`);
      const answer = await exchange(target, request);
      judge(request, answer, tally);
    }
  };
  const connect = (until: number): Promise<unknown> => Promise.all(Array.from({ length: AT_ONCE }, () => send(until)));

  await connect(CONNECTIONS / 3);
  const before = await residentFromNow(pid);
  await connect(CONNECTIONS);
  const more = (await mostResident(pid)) - before;
  console.info(`seed ${seed}: ${JSON.stringify(Object.fromEntries(tally))}, ${(more / 2 ** 20).toFixed(0)} MiB more`);

  const admin = createClient({ server: server.url, key });
  expect(await admin.whoami()).toMatchObject({ name: 'fuzzer', role: 'admin' });
  await Promise.all([client.close(), admin.close()]);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect(server.log.filter(({ level }) => Number(level) >= 40)).toEqual([]);
  expect(more).toBeLessThan(MOST_MORE_BYTES);
  // Neither were all of them refused at the door, nor did all of them pass.
  for (const told of ['200', '400', '401', '404', 'closed']) expect(tally.get(told)).toBeGreaterThan(0);
});

/** @throws Error that shows what was sent, when the answer is none that it may get. */
function judge(request: Buffer, answer: string, tally: Map<string, number>): void {
  const statuses = statusesOf(answer);
  const isHttp = answer === '' || answer.startsWith('HTTP/1.1 ');
  if (!isHttp || statuses.some((status) => status >= 500)) {
    throw new Error(`${JSON.stringify(request.toString('latin1'))} was answered ${JSON.stringify(answer)}`);
  }
  for (const told of statuses.length === 0 ? ['closed'] : statuses.map(String)) {
    tally.set(told, (tally.get(told) ?? 0) + 1);
  }
}
