/** A worker that stands still for so long that it is given up, and then goes on as if nothing had been. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { lifeline, livesOf } from '../../support/lifeline.ts';
import { untilNoneWith } from '../../support/processes.ts';
import { begun, onSite as it, untilStatus } from '../../support/site.ts';

export function aFrozenWorker(): void {
  describe.concurrent('a worker that is frozen', { timeout: 90_000 }, () => {
    it('beyond the decision has its commands ended before others begin them; it wakes, finds them lost, and goes on', async ({
      site,
    }) => {
      const [server, frozen] = await Promise.all([site.serve(), site.worker('frozen')]);
      const client = site.clientOf(server);
      const file = (name: string): string => join(site.folder, name);
      const job = { lost_after_seconds: 0, kill_grace_seconds: 1, retries: 1 };
      const waits = `echo begun; until [ -e ${file('go')} ]; do sleep 0.05; done`;
      const lives = await begun(client, { ...job, command: lifeline(file('lives'), { deaf: true }) });
      // It ends while nobody looks, and its worker finds that when it wakes: this end is one of those that come too late.
      const ends = await begun(client, { ...job, command: `${waits}; exit $((4 - JOBSCHED_ATTEMPT))` });
      const fails = await begun(client, { ...job, command: 'echo begun; sleep 600', on_lost: 'fail' });
      const runs = [lives, ends, fails];
      frozen.process.kill('SIGSTOP');
      await writeFile(file('go'), '');
      await site.worker('other');
      expect(await untilStatus(client, lives, 'succeeded')).toMatchObject({ attempt: 2, worker: 'other' });
      expect(await untilStatus(client, fails, 'failed')).toMatchObject({ attempt: 1, reason: 'lost' });
      expect(await untilStatus(client, ends, 'failed')).toMatchObject({ attempt: 2, reason: 'exit', exit_code: 2 });
      // Somebody else did what the worker could not: see `src/worker/executor/stand-in.ts`.
      const [first, second] = await livesOf(file('lives'), lives);
      expect(first?.to).toBeLessThan(second?.from ?? 0);
      await untilNoneWith(`JOBSCHED_RUN_ID=${fails}`);
      const decided = await Promise.all(runs.map((run) => client.runs.get(run)));

      frozen.process.kill('SIGCONT');
      const next = await client.jobs.create({ command: 'true', queue: 'host:frozen' });
      await untilStatus(client, `${next.id}.1`, 'succeeded');
      await Promise.all(runs.map((run) => untilNoneWith(`JOBSCHED_RUN_ID=${run}`)));
      const given = frozen.log.filter(({ msg }) => /^run (was lost|had been given up)/.test(String(msg)));
      expect(new Set(given.map(({ run }) => run))).toEqual(new Set(runs));
      expect(new Set(given.map(({ job: id }) => `${String(id)}.1`))).toEqual(new Set(runs));
      expect(await Promise.all(runs.map((run) => client.runs.get(run)))).toEqual(decided);
    });
  });
}
