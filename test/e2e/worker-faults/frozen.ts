/** A worker that stands still for so long that it is given up, and then goes on as if nothing had been. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { DaemonProcess } from '../../support/daemon-process.ts';
import { lifeline, livesOf } from '../../support/lifeline.ts';
import { long } from '../../support/long.ts';
import { untilNoneWith } from '../../support/processes.ts';
import { begun, onSite as it, untilStatus } from '../../support/site.ts';

/** Of all jobs here. */
const POLICY = { lost_after_seconds: 0, kill_grace_seconds: 1, retries: 1 };

/** The runs that it found lost, by its log. */
function lostBy({ log }: DaemonProcess): Set<unknown> {
  const lost = log.filter(({ msg }) => /^run (was lost|had been given up)/.test(String(msg)));
  for (const { job, run } of lost) expect(run).toBe(`${String(job)}.1`);
  return new Set(lost.map(({ run }) => run));
}

export function aFrozenWorker(): void {
  describe.concurrent('a worker that is frozen', { timeout: long ? 300_000 : 90_000 }, () => {
    it('beyond the decision has its commands ended before others begin them; it wakes, finds them lost, and goes on', async ({
      site,
    }) => {
      const [server, frozen] = await Promise.all([site.serve(), site.worker('frozen')]);
      const client = site.clientOf(server);
      const file = (name: string): string => join(site.folder, name);
      const waits = `echo begun; until [ -e ${file('go')} ]; do sleep 0.05; done`;
      const lives = await begun(client, { ...POLICY, command: lifeline(file('lives'), { deaf: true }) });
      // It ends while nobody looks, and its worker finds that when it wakes: this end is one of those that come too late.
      const ends = await begun(client, { ...POLICY, command: `${waits}; exit $((4 - JOBSCHED_ATTEMPT))` });
      const fails = await begun(client, { ...POLICY, command: 'echo begun; sleep 600', on_lost: 'fail' });
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
      expect(lostBy(frozen)).toEqual(new Set(runs));
      expect(await Promise.all(runs.map((run) => client.runs.get(run)))).toEqual(decided);
    });

    it.runIf(long)(
      'fifty times, with five runs each, writes nothing that is not its own any more',
      async ({ site }) => {
        const names = Array.from({ length: 5 }, (_, index) => `w${index}`);
        const server = await site.serve();
        const client = site.clientOf(server);
        const workers = await Promise.all(names.map((name) => site.worker(name, '--queue', name)));
        const file = join(site.folder, 'lives');
        for (let round = 0; round < 10; round++) {
          const runs = await Promise.all(
            names.flatMap((queue) =>
              Array.from({ length: 5 }, () => begun(client, { ...POLICY, queue, command: lifeline(file) })),
            ),
          );
          for (const worker of workers) worker.process.kill('SIGSTOP');
          const others = await Promise.all(names.map((name) => site.worker(`other-${name}`, '--queue', name)));
          const decided = await Promise.all(runs.map((run) => untilStatus(client, run, 'succeeded')));
          await Promise.all(others.map((other) => other.end('SIGTERM')));
          for (const worker of workers) worker.process.kill('SIGCONT');
          await Promise.all(names.map((queue) => begun(client, { command: 'echo awake', queue: `host:${queue}` })));
          for (const [index, run] of runs.entries()) {
            const [first, second] = await livesOf(file, run);
            expect(first?.to).toBeLessThan(second?.from ?? 0);
            expect(await client.runs.get(run)).toMatchObject({ ...decided[index], attempt: 2 });
          }
        }
        const lost = workers.flatMap((worker) => Array.from(lostBy(worker)));
        expect(new Set(lost).size).toBe(10 * 5 * 5);
      },
    );
  });
}
