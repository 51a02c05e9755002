/** Retention, as far as it depends on how things lie in Redis and on what Redis tells. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { DAY } from '../../src/domain/instant.ts';
import type { TrimPolicy } from '../../src/store/views.ts';
import { openInstallation } from '../support/redis-installation.ts';

const POLICY: TrimPolicy = { onceKeepDays: 7, onceKeepCount: 100_000, outputBudgetBytes: 1024 ** 3 };

test.each([
  ['its user may not ask for INFO', ['-info']],
  ['its user may do nothing dangerous', ['-@dangerous']],
])('goes on where %s', async (_, rules) => {
  const admin = await openInstallation();
  const login = `u${randomUUID()}`;
  await admin.redis.call('ACL', 'SETUSER', login, 'on', '>pw', '~*', '&*', '+@all', ...rules);
  const { store, world, redis, prefix } = await openInstallation({ login: `${login}:pw` });
  const gone = world.worker('gone');
  await gone.heartbeat();
  await world.once();
  const held = await gone.claimed();
  await gone.append(held, 0, { stream: 'stdout', at: 1, bytes: Buffer.from('hello') });
  await gone.finish(held);
  world.clock.advance(2 * DAY);
  expect(await store.trim({ ...POLICY, outputBudgetBytes: 4 }, 250)).toMatchObject({ outputs: 1 });
  expect(await store.readOutput(held.run, 1, 0)).toMatchObject({ dropped: 5, total: 5 });
  expect(await redis.exists(`${prefix}w:${gone.owner}`)).toBe(0);
});
