/**
 * Slots over many servers and workers: each gives one run, whoever fires it and whoever dies. The tests run side by side,
 * each on a Redis of its own, since what they do is mostly to wait for slots.
 */
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { Client, RunView } from '../../src/client/client.ts';
import { SECOND } from '../../src/domain/instant.ts';
import type { NewJobBody } from '../../src/http/schema/job-body.ts';
import { long } from '../support/long.ts';
import { onSite as it } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';
import { readWitness, witnessed } from '../support/witness.ts';

/** Of the job whose servers and workers die. */
const SECONDS = long ? 60 : 12;
/** Jobs that two servers fire at once, and how many times. */
const [JOBS, TIMES] = [1_000, long ? 10 : 2];

interface Slots {
  readonly fields: Pick<NewJobBody, 'schedule' | 'starts_at' | 'ends_at' | 'overlap'>;
  /** As runs name them, the first first. */
  readonly times: readonly string[];
}

/** So many slots, a second apart. The first is so far ahead that whatever has them is there when it comes. */
function slots(count: number): Slots {
  const first = Math.ceil(Date.now() / SECOND + 3) * SECOND;
  const at = (index: number): string => new Date(first + index * SECOND).toISOString();
  const fields = { schedule: '* * * * * *', starts_at: at(0), ends_at: at(count), overlap: 'allow' } as const;
  return { fields, times: Array.from({ length: count }, (_, index) => at(index)) };
}

/** What became of slots, by the runs that there are: to be compared with what the clock says. */
function tally(
  runs: readonly RunView[],
  times: readonly string[],
): Record<'slots' | 'runs' | 'missed' | 'doubled', number> {
  const fired = runs.filter(({ skipped }) => skipped === null).map((run) => run.scheduled_for);
  const distinct = new Set(fired);
  return {
    slots: times.length,
    runs: runs.length,
    missed: times.filter((time) => !distinct.has(time)).length,
    doubled: fired.length - distinct.size,
  };
}

const runsOf = (client: Client, job?: string): Promise<RunView[]> =>
  Array.fromAsync(client.runs.all({ limit: 200, ...(job !== undefined && { job }) }));

describe.concurrent('a job each second over three servers and three workers', () => {
  it(
    `loses none of ${SECONDS} slots, and doubles none, when one of each is killed half way`,
    { timeout: 150_000 },
    async ({ site }) => {
      const names = ['w1', 'w2', 'w3'];
      const [servers, workers] = await Promise.all([
        Promise.all(names.map(() => site.serve())),
        Promise.all(names.map((name) => site.worker(name))),
      ]);
      const [dies, , survives] = servers;
      if (dies === undefined || survives === undefined) throw new Error('no servers');
      const client = site.clientOf(survives);
      const file = join(site.folder, 'witness');
      const { fields, times } = slots(SECONDS);
      const command = witnessed(file, long ? 'sleep 0.5' : 'true');
      // An attempt that the kill catches is made again at once when its lease lapses.
      const { id } = await client.jobs.create({ ...fields, command, retries: 1, lost_after_seconds: 0 });

      const caught = await untilSeen(client, async () => {
        const runs = await runsOf(client, id);
        const [newest] = runs;
        const is = long ? newest?.status === 'running' : newest?.status === 'succeeded';
        return runs.length >= SECONDS / 2 && is ? newest : null;
      });
      const worker = workers[names.indexOf(caught?.worker ?? '')];
      await Promise.all([dies.end('SIGKILL'), worker?.end('SIGKILL')]);

      const runs = await untilSeen(client, async () => {
        const all = await runsOf(client, id);
        return all.length >= SECONDS && all.every((run) => run.finished_at !== null) ? all : null;
      });
      expect(tally(runs, times)).toEqual({ slots: SECONDS, runs: SECONDS, missed: 0, doubled: 0 });
      expect(runs.filter(({ status }) => status !== 'succeeded')).toEqual([]);
      // The kill catches one at most: no other attempt is made twice, and none without a trace.
      expect(runs.filter(({ attempt }) => attempt > 1).length).toBeLessThanOrEqual(1);
      const lines = (await readWitness(file)).filter(({ event }) => event === 'start');
      const started = new Set(lines.map(({ run, attempt }) => `${run} ${attempt}`));
      expect(started.size).toBe(lines.length);
      expect(runs.filter((run) => !started.has(`${run.id} ${run.attempt}`))).toEqual([]);
    },
  );
});

describe.concurrent('two servers', () => {
  it(
    `make exactly one run of each of ${JOBS * TIMES} slots that come ${JOBS} at once`,
    { timeout: 120_000 },
    async ({ site }) => {
      const servers = await Promise.all([site.serve('--log-level', 'debug'), site.serve('--log-level', 'debug')]);
      const [client] = servers.map((server) => site.clientOf(server));
      if (client === undefined) throw new Error('no client');
      const { fields, times } = slots(TIMES);
      await client.jobs.createMany(Array.from({ length: JOBS }, () => ({ ...fields, command: 'true' })));
      await untilSeen(client, async () => {
        const { rows } = await client.jobs.list({ status: ['scheduled'], limit: 1 });
        return rows.length === 0 ? true : null;
      });
      // Once they have ended, nobody is about to fire a slot again.
      await Promise.all(servers.map((server) => server.end('SIGTERM')));
      const runs = await runsOf(site.clientOf(await site.serve()));
      const byJob = Map.groupBy(runs, ({ job_id }) => job_id);
      expect(byJob.size).toBe(JOBS);
      const expected = { slots: TIMES, runs: TIMES, missed: 0, doubled: 0 };
      for (const of of byJob.values()) expect(tally(of, times)).toEqual(expected);
      // Each of the servers knows only of those that it fired itself.
      const fired = servers.map(({ log }) => log.filter(({ msg }) => msg === 'slot fired').length);
      expect(
        fired.reduce((sum, count) => sum + count, 0),
        `fired: ${fired.join(' + ')}`,
      ).toBe(JOBS * TIMES);
    },
  );
});
