/** All workers die at once: nothing of their commands is left, and nobody waits for their runs for ever. */
import { describe, expect } from 'vitest';
import { SECOND } from '../../../src/domain/instant.ts';
import { LEASE, RENEW_EVERY } from '../../../src/store/leases.ts';
import { untilNoneWith } from '../../support/processes.ts';
import { begun, onSite as it, untilStatus } from '../../support/site.ts';
import { untilSeen } from '../../support/until-seen.ts';
import { at, expectBetween, SLACK } from './times.ts';

/** What jobs say of attempts that are lost, and what becomes of these. */
const POLICIES = [0, 2].flatMap(
  (lost_after_seconds) =>
    [
      { policy: { lost_after_seconds, retries: 0 }, becomes: 'failed' },
      { policy: { lost_after_seconds, retries: 1 }, becomes: 'pending' },
      { policy: { lost_after_seconds, retries: 1, on_lost: 'fail' }, becomes: 'failed' },
    ] as const,
);
/** With a child, and for ever, but for the second attempt. */
const COMMAND = '[ $JOBSCHED_ATTEMPT = 2 ] && exit; sleep 600 & echo begun; while :; do sleep 0.05; done';

export function allWorkersKilled(): void {
  describe.concurrent('workers that are killed, all of them,', { timeout: 90_000 }, () => {
    it('leave no command, and each of their runs is decided when its job says', async ({ site }) => {
      const [server, ...workers] = await Promise.all([site.serve(), site.worker('w1'), site.worker('w2')]);
      const client = site.clientOf(server);
      const held = await Promise.all(
        POLICIES.map(async ({ policy, becomes }) => {
          const run = await begun(client, { ...policy, command: COMMAND });
          return { run, policy, becomes };
        }),
      );
      await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
      const killedAt = Date.now();
      await Promise.all(held.map(({ run }) => untilNoneWith(`JOBSCHED_RUN_ID=${run}`)));
      expect(Date.now() - killedAt).toBeLessThan(5 * SECOND);

      await untilSeen(client, async () => {
        const { rows } = await client.runs.list({ status: ['running'] });
        return rows.length === 0 ? true : null;
      });
      for (const { run, policy, becomes } of held) {
        const { status, attempts } = await client.runs.get(run);
        expect({ policy, status }).toEqual({ policy, status: becomes });
        expect(attempts).toMatchObject([{ reason: 'lost', detail: 'its worker was out of contact' }]);
        const decision = LEASE + policy.lost_after_seconds * SECOND;
        const took = at(attempts[0]?.finished_at) - killedAt;
        expectBetween(took, decision - RENEW_EVERY - SLACK, decision + SECOND + SLACK);
      }
      await site.worker('w3');
      const retried = held.filter(({ becomes }) => becomes === 'pending');
      await Promise.all(retried.map(({ run }) => untilStatus(client, run, 'succeeded')));
    });
  });
}
