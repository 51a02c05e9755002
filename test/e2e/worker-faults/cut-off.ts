/** Workers whose way to Redis is cut: for a while, and until their runs are given up while their clocks are set. */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { HOUR, SECOND, type Millis } from '../../../src/domain/instant.ts';
import { LEASE } from '../../../src/store/leases.ts';
import type { DaemonProcess } from '../../support/daemon-process.ts';
import { lifeline, livesOf } from '../../support/lifeline.ts';
import { long } from '../../support/long.ts';
import { redisProxy } from '../../support/redis-proxy.ts';
import { shiftedClock, type ShiftedClock } from '../../support/shifted-clock.ts';
import { begun, onSite as it, textOf, untilContactLost, untilStatus } from '../../support/site.ts';
import { SLACK, sleepUntil } from './times.ts';

/** For how long: the first is within a lease, the second beyond it. */
const [BRIEFLY, LONGER] = [10 * SECOND, long ? 40 * SECOND : 17 * SECOND];

const PAUSE = SECOND / 5;
/** A command that counts for almost so long, and what it writes. */
const counts = (time: Millis): string =>
  `for i in $(seq ${(time - SECOND) / PAUSE}); do echo $i; sleep ${PAUSE / SECOND}; done`;
const counted = (time: Millis): string =>
  Array.from({ length: (time - SECOND) / PAUSE }, (_, index) => `${index + 1}\n`).join('');

export function workersCutOff(): void {
  describe.concurrent('workers that are cut off', { timeout: 120_000 }, () => {
    it('for a while deliver what their commands did meanwhile, and nobody begins these anew', async ({ site }) => {
      await using cable = await redisProxy(site.redis.port);
      await using otherCable = await redisProxy(site.redis.port);
      const [server] = await Promise.all([
        site.serve(),
        site.start(['worker', '--name', 'brief', '--queue', 'brief'], cable.port),
        site.start(['worker', '--name', 'longer', '--queue', 'longer'], otherCable.port),
      ]);
      const client = site.clientOf(server);
      const brief = await begun(client, { command: counts(BRIEFLY), queue: 'brief', retries: 1 });
      const longer = await begun(client, { command: counts(LONGER), queue: 'longer', retries: 1 });
      const cutSince = Date.now();
      cable.part();
      otherCable.part();
      await site.worker('other', '--queue', 'brief', '--queue', 'longer');
      const flagged = untilContactLost(client, longer).then(() => Date.now());
      await sleepUntil(cutSince + BRIEFLY);
      cable.mend();
      const delivered = untilStatus(client, brief, 'succeeded');
      expect((await flagged) - cutSince).toBeLessThan(LEASE + SECOND + SLACK);
      await sleepUntil(cutSince + LONGER);
      otherCable.mend();
      const healed = untilStatus(client, longer, 'succeeded');
      expect(await delivered).toMatchObject({ attempt: 1, worker: 'brief', contact_lost: false });
      expect(await healed).toMatchObject({ attempt: 1, worker: 'longer', contact_lost: false });
      expect(await textOf(client, brief)).toBe(counted(BRIEFLY));
      expect(await textOf(client, longer)).toBe(counted(LONGER));
    });

    it('and whose clocks are set end their commands before another worker begins them', async ({ site }) => {
      const [back, forth] = await Promise.all([
        shiftedClock(site.folder, 'back', HOUR),
        shiftedClock(site.folder, 'forth', -HOUR),
      ]);
      await using cable = await redisProxy(site.redis.port);
      const cutOff = (name: string, { env }: ShiftedClock): Promise<DaemonProcess> =>
        site.start(['worker', '--name', name, '--queue', name], cable.port, env);
      const [server, goesBack, goesForth] = await Promise.all([
        site.serve(),
        cutOff('back', back),
        cutOff('forth', forth),
      ]);
      const client = site.clientOf(server);
      const file = join(site.folder, 'lives');
      const job = { command: lifeline(file, { deaf: true }), retries: 1, lost_after_seconds: 0, kill_grace_seconds: 1 };
      const runs = await Promise.all(['back', 'forth'].map((queue) => begun(client, { ...job, queue })));
      await site.worker('other', '--queue', 'back', '--queue', 'forth');
      cable.part();
      await Promise.all([back.shift(goesBack, -HOUR), forth.shift(goesForth, HOUR)]);
      for (const run of runs) {
        expect(await untilStatus(client, run, 'succeeded')).toMatchObject({ attempt: 2, worker: 'other' });
        const [first, second] = await livesOf(file, run);
        expect(first?.to).toBeLessThan(second?.from ?? 0);
      }
    });
  });
}
