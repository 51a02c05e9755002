/** Calls that share a script in Redis, and not their faults. */
import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { jobId } from '../../src/domain/id.ts';
import { newJob, onceDefinition } from '../support/definitions.ts';
import { openInstallation } from '../support/redis-installation.ts';

test('one job that cannot be made is the trouble of its caller alone', async () => {
  const { store, redis, prefix } = await openInstallation();
  // What lies there is of another kind, so that jobs whose ids begin so cannot be put there.
  await redis.set(`${prefix}p:bad`, 'no set');
  const [before, after, beside] = [newJob(onceDefinition()), newJob(onceDefinition()), newJob(onceDefinition())];
  const broken = newJob(onceDefinition(), { id: jobId(`bad${randomUUID().slice(3)}`) });
  const results = await Promise.allSettled([
    store.createJobs([before], null),
    store.createJobs([beside, broken], null),
    store.createJobs([after], null),
  ]);
  expect(results).toMatchObject([
    { status: 'fulfilled', value: [{ status: 'created' }] },
    { status: 'rejected', reason: { message: expect.stringContaining('WRONGTYPE') as unknown } },
    { status: 'fulfilled', value: [{ status: 'created' }] },
  ]);
  for (const { id } of [before, after, beside]) expect(await store.findJob(id)).toMatchObject({ status: 'found' });
});

test('a job that was there before and cannot be read is the trouble of its caller alone', async () => {
  const { store, redis, prefix } = await openInstallation();
  const [there, fresh] = [newJob(onceDefinition()), newJob(onceDefinition())];
  await store.createJobs([there], null);
  await redis.set(`${prefix}d:${there.id}`, '1|nothing that anybody could read');
  const results = await Promise.allSettled([store.createJobs([there], null), store.createJobs([fresh], null)]);
  expect(results).toMatchObject([{ status: 'rejected' }, { status: 'fulfilled', value: [{ status: 'created' }] }]);
});
