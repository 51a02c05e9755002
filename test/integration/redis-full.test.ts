/** A Redis that is full, and does not evict: it refuses new work, and all that is under way comes to its end. */
import { Redis } from 'ioredis';
import { expect, onTestFinished, test } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { SCRIPTS } from '../../src/store/redis/generated/scripts.ts';
import { openRedisAt } from '../contract/engines.ts';
import { World } from '../contract/world.ts';
import { startRedis } from '../support/redis.ts';

test('refuses the scripts that add work, and the probe that asks for it, and no others', () => {
  const refused = Object.entries(SCRIPTS).filter(([, { shebang }]) => !shebang.includes('allow-oom'));
  expect(refused.map(([name]) => name).toSorted()).toEqual(
    ['append-output', 'create-jobs', 'fire', 'probe', 'remember-request', 'trigger', 'update-job'].toSorted(),
  );
});

test('lets a worker that was restarted in, and end, renew, give back and cancel', async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  const opened = await openRedisAt(server.url);
  onTestFinished(() => opened.dispose());
  const world = new World(opened);
  const job = await world.cron({ overlap: 'allow' });
  for (let n = 0; n < 3; n++) await world.fired(job.id);
  const redis = new Redis(server.url);
  await redis.config('SET', 'maxmemory', '1');
  redis.disconnect();

  await world.reopen();
  const worker = world.worker();
  await worker.heartbeat();
  const [first, second, third] = (await worker.claim(3)).claimed;
  if (first === undefined || second === undefined || third === undefined) throw new Error('claimed too few');
  expect(await worker.renew(first)).toBe('ok');
  expect(await worker.finish(first)).toBe('ok');
  expect(await worker.release(second)).toBe('ok');
  expect(await world.store.cancel(second.run)).toMatchObject({ status: 'cancelled' });
  expect((await world.pass(2 * MINUTE)).lost).toEqual([third.run]);
  expect(await world.store.pauseJob(job.id)).toMatchObject({ status: 'paused' });
  await expect(world.trigger(job.id)).rejects.toMatchObject({ code: 'engine_full' });
  await expect(world.once()).rejects.toMatchObject({ code: 'engine_full' });
});
