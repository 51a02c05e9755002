/** One machine, whose clock is the engine's, and is set: forth by an hour, back again, and forth once more. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClient, type Client, type RunView } from '../../../src/client/client.ts';
import { HOUR, SECOND } from '../../../src/domain/instant.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { shiftedClock } from '../../support/shifted-clock.ts';
import { untilOutput, untilStatus } from '../../support/site.ts';
import { startStandalone } from '../../support/standalone.ts';
import { untilSeen } from '../../support/until-seen.ts';
import { at } from './times.ts';

/** Its runs of slots, the first slot first, once there are so many. */
function untilRuns(client: Client, job: string, count: number): Promise<RunView[]> {
  return untilSeen(client, async () => {
    const all = await Array.fromAsync(client.runs.all({ job }));
    const runs = all.filter(({ skipped }) => skipped === null).toReversed();
    return runs.length >= count ? runs : null;
  });
}

export function aMachineWhoseClockIsSet(): void {
  describe.concurrent('a machine whose clock is set', { timeout: 60_000 }, () => {
    it('fires no slot early nor twice, loses no run, and lets nothing wait for the hour', async () => {
      await using folder = await temporaryFolder();
      const clock = await shiftedClock(folder.path, 'clock', 0);
      await using standalone = await startStandalone({ folder: folder.path, env: clock.env });
      const client = createClient({ server: standalone.url });
      const file = (name: string): string => join(folder.path, name);
      const waits = (name: string): string => `echo begun; until [ -e ${file(name)} ]; do sleep 0.05; done`;
      const begun = async (command: string, fields = {}): Promise<string> => {
        const { id } = await client.jobs.create({ command, ...fields });
        await untilOutput(client, `${id}.1`);
        return `${id}.1`;
      };
      const { id: seconds } = await client.jobs.create({
        command: 'true',
        schedule: '* * * * * *',
        overlap: 'allow',
        keep_runs: 1_000,
      });
      const held = await begun(waits('go'));
      await untilRuns(client, seconds, 2);

      await clock.shift(standalone, HOUR);
      const ahead = Date.now() + HOUR;
      await untilSeen(client, async () => {
        const last = (await untilRuns(client, seconds, 2)).at(-1);
        return at(last?.scheduled_for) > ahead - 2 * SECOND ? last : null;
      });
      const skipped = (await client.runs.list({ job: seconds, status: ['skipped'] })).rows;
      expect(skipped).toMatchObject([{ reason: 'misfire' }]);
      const retried = await begun(`[ $JOBSCHED_ATTEMPT = 2 ] && exit; ${waits('fail')}; exit 1`, {
        retries: 1,
        retry_delay_seconds: 1,
      });
      const timed = await begun('echo begun; sleep 600', { timeout_seconds: 2 });

      await clock.shift(standalone, 0);
      const before = await untilRuns(client, seconds, 4);
      await writeFile(file('fail'), '');
      expect(await untilStatus(client, retried, 'succeeded')).toMatchObject({ attempt: 2 });
      await writeFile(file('go'), '');
      expect(await untilStatus(client, held, 'succeeded')).toMatchObject({ attempt: 1 });
      const { attempts } = await client.runs.get((await untilStatus(client, timed, 'failed')).id);
      expect(attempts).toMatchObject([{ reason: 'timeout' }]);
      const { id: next } = await client.jobs.create({ command: 'true' });
      await untilStatus(client, `${next}.1`, 'succeeded');
      expect(await untilRuns(client, seconds, 0)).toHaveLength(before.length);

      await clock.shift(standalone, HOUR);
      const runs = await untilRuns(client, seconds, before.length + 2);
      const slots = runs.map(({ scheduled_for }) => at(scheduled_for));
      expect(slots).toEqual([...new Set(slots)].toSorted((a, b) => a - b));
      for (const { scheduled_for, started_at } of runs) {
        if (started_at !== null) expect(at(started_at)).toBeGreaterThanOrEqual(at(scheduled_for));
      }
      await client.close();
    });
  });
}
