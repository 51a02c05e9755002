/** Daemons that start while their Redis is not well. */
import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { loadSettings, type Flags } from '../../src/config/load.ts';
import { thisMachine } from '../../src/config/machine.ts';
import { SETTINGS_OF } from '../../src/config/settings.ts';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startWorker } from '../../src/daemon/worker.ts';
import { createLogger } from '../../src/log.ts';
import { openStore, redisAddress } from '../../src/store/open.ts';
import { runProgram } from '../support/program.ts';
import { redisProxy } from '../support/redis-proxy.ts';
import { sharedRedis } from '../support/redis.ts';

test('a worker whose first sign does not get through waits when it was told to wait', async () => {
  const { port, url } = await sharedRedis();
  await using proxy = await redisProxy(port);
  const redisPrefix = randomUUID();
  // Redis knows the script that opens a store, so that one call is enough for it.
  await (await openStore({ kind: 'redis', address: redisAddress(url), prefix: redisPrefix })).close();
  let calls = 0;
  proxy.decide = () => (calls++ === 0 ? 'pass' : 'cut request');
  const waits = /^waiting for Redis: .*cannot be reached/;
  const warn = vi.spyOn(logger, 'warn').mockImplementation((_fields: unknown, words?: string) => {
    if (waits.test(words ?? '')) proxy.decide = () => 'pass';
  });
  const daemon = await started({ redisUrl: proxy.url, redisPrefix, name: 'w1', wait: true });
  expect(warn).toHaveBeenCalledWith(expect.anything(), expect.stringMatching(waits));
  expect(proxy.met).toBeGreaterThan(1);
  await daemon.stop();
});

test.each([
  ['--tls-cert needs --tls-key', ['--tls-cert', 'a.pem']],
  ['is not the path of --public-url', ['--base-path', '/a', '--public-url', 'https://example.com/b']],
])('a server whose settings do not fit together ends: %s', async (told, flags) => {
  const { url } = await sharedRedis();
  const args = ['serve', '--redis-url', url, '--redis-prefix', randomUUID(), '--port', '0', ...flags];
  const ran = await runProgram(args);
  expect(ran.stderr + ran.stdout).toContain(told);
  expect(ran.code).toBe(2);
});

const logger = createLogger({ level: 'silent', pretty: false });

async function started(flags: Flags): Promise<Daemon> {
  const machine = { ...thisMachine(), env: {} };
  const { settings } = await loadSettings(SETTINGS_OF.worker, flags, machine);
  return startWorker({
    settings,
    clock: systemClock,
    logger,
    version: '0.0.0',
    hostname: 'host.example',
    uid: machine.uid,
    childEnvironment: {},
    home: machine.home,
  });
}
