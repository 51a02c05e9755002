/** Machines whose clocks are wrong by an hour, and jump, on real processes: only the engine's clock counts. */
import { describe, expect } from 'vitest';
import type { Client, RunDetail } from '../../src/client/client.ts';
import { HOUR, SECOND, type Millis } from '../../src/domain/instant.ts';
import { shiftedClock } from '../support/shifted-clock.ts';
import { onSite as it } from '../support/site.ts';
import { untilSeen } from '../support/until-seen.ts';

/** What a machine that is busy with other things may add. */
const SLACK = 3 * SECOND;

const at = (time: string | null | undefined): number => Date.parse(time ?? '');

function expectBetween(value: Millis, from: Millis, to: Millis): void {
  expect(value).toBeGreaterThanOrEqual(from);
  expect(value).toBeLessThanOrEqual(to);
}

async function ended(client: Client, run: string): Promise<RunDetail> {
  return untilSeen(client, async () => {
    const seen = await client.runs.get(run);
    return seen.finished_at === null ? null : seen;
  });
}

describe.concurrent('an hour ahead and an hour behind', { timeout: 60_000 }, () => {
  it.for([
    { server: HOUR, worker: -HOUR },
    { server: -HOUR, worker: HOUR },
  ])(
    'of the engine (server by $server ms, worker by $worker ms), nothing comes early, late or with wrong times',
    async (ahead, { site }) => {
      const [ofServer, ofWorker] = await Promise.all([
        shiftedClock(site.folder, 'server', ahead.server),
        shiftedClock(site.folder, 'worker', ahead.worker),
      ]);
      const [server, worker] = await Promise.all([
        site.start(['serve', '--port', '0'], site.redis.port, ofServer.env),
        site.start(['worker', '--name', 'w1'], site.redis.port, ofWorker.env),
      ]);
      const client = site.clientOf(server);
      const startedAt = Date.now();
      const seconds = await client.jobs.create({ command: 'true', schedule: '* * * * * *', overlap: 'allow' });
      const intervals = await client.jobs.create({ command: 'true', schedule: '@every 2s', overlap: 'allow' });
      const retries = await client.jobs.create({
        command: 'echo out; [ $JOBSCHED_ATTEMPT = 2 ]',
        retries: 1,
        retry_delay_seconds: 1,
      });
      const endless = await client.jobs.create({ command: 'sleep 600', timeout_seconds: 1 });
      for (const { next_run_at } of [seconds, intervals]) expectBetween(at(next_run_at), startedAt, startedAt + SLACK);

      const retried = await ended(client, `${retries.id}.1`);
      const [second, first] = retried.attempts;
      expect(retried).toMatchObject({ status: 'succeeded', attempt: 2 });
      expectBetween(at(second?.started_at) - at(first?.finished_at), SECOND - 50, SECOND + SLACK);
      for await (const event of client.runs.frames(retried.id)) {
        if (event.kind !== 'output') continue;
        expectBetween(at(event.at), at(second?.started_at) - 50, at(second?.finished_at) + SLACK);
      }
      const timed = await ended(client, `${endless.id}.1`);
      expect(timed).toMatchObject({ status: 'failed', reason: 'timeout' });
      expectBetween(at(timed.finished_at) - at(timed.started_at), SECOND - 50, SECOND + SLACK);

      // In the middle of all this both clocks jump over the true time.
      await ofServer.shift(server, -ahead.server);
      await ofWorker.shift(worker, -ahead.worker);
      for (const { id } of [seconds, intervals]) {
        const runs = await untilSeen(client, async () => {
          const { rows } = await client.runs.list({ job: id });
          return rows.length >= 3 ? rows : null;
        });
        const slots = runs.map((run) => at(run.scheduled_for)).toReversed();
        const step = id === seconds.id ? SECOND : 2 * SECOND;
        expect(slots).toEqual(slots.map((_, index) => (slots[0] ?? 0) + index * step));
        for (const run of runs) if (run.started_at) expectBetween(at(run.started_at) - at(run.scheduled_for), 0, SLACK);
      }
      for (const { alive, last_seen_at } of await client.workers()) {
        expect(alive).toBe(true);
        expectBetween(at(last_seen_at), startedAt - SLACK, Date.now() + SLACK);
      }
    },
  );
});
