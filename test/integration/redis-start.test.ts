/** Daemons that start while their Redis is not well. */
import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { loadSettings, type Flags } from '../../src/config/load.ts';
import { thisMachine } from '../../src/config/machine.ts';
import { SETTINGS_OF } from '../../src/config/settings.ts';
import type { Daemon } from '../../src/daemon/daemon.ts';
import { startWorker } from '../../src/daemon/worker.ts';
import { createLogger } from '../../src/log.ts';
import { redisProxy } from '../support/redis-proxy.ts';
import { sharedRedis } from '../support/redis.ts';

test('a worker whose first sign does not get through waits when it was told to wait', async () => {
  const { port } = await sharedRedis();
  await using proxy = await redisProxy(port);
  // It connects, and is cut off by its first sign, for as long as a call is repeated.
  const flags = { redisUrl: proxy.url, redisPrefix: randomUUID(), name: 'w1', wait: true };
  let calls = 0;
  proxy.decide = () => (calls++ === 0 ? 'pass' : 'cut request');
  const warn = vi.spyOn(logger, 'warn').mockImplementation(() => (proxy.decide = () => 'pass'));
  await started(flags);
  expect(warn).toHaveBeenCalledWith(
    expect.anything(),
    expect.stringMatching(/^waiting for Redis: .*cannot be reached/),
  );
});

const logger = createLogger({ level: 'silent', pretty: false });

async function started(flags: Flags): Promise<Daemon> {
  const machine = { ...thisMachine(), env: {} };
  const { settings } = await loadSettings(SETTINGS_OF.worker, flags, machine);
  const daemon = await startWorker({
    settings,
    clock: systemClock,
    logger,
    version: '0.0.0',
    hostname: 'host.example',
    uid: machine.uid,
    childEnvironment: {},
    home: machine.home,
  });
  onTestFinished(() => daemon.stop());
  return daemon;
}
