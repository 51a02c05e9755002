/** Machines whose clocks are wrong by an hour, and are set: only the engine's clock counts. */
import { describe, expect } from 'vitest';
import type { Client } from '../../../src/client/client.ts';
import { HOUR, SECOND, type Instant, type Millis } from '../../../src/domain/instant.ts';
import type { DaemonProcess } from '../../support/daemon-process.ts';
import { shiftedClock } from '../../support/shifted-clock.ts';
import { long } from '../../support/long.ts';
import { onSite as it, untilStatus, type Site } from '../../support/site.ts';
import { untilSeen } from '../../support/until-seen.ts';
import { at, expectBetween, SLACK } from './times.ts';

/** What the clocks of engine and commands may differ by: they are one machine's. */
const HAIR: Millis = 50;

interface Skewed {
  readonly client: Client;
  readonly startedAt: Instant;
  /** Each clock jumps over the true time. */
  readonly turn: () => Promise<void>;
}

/** A server and a worker, whose clocks are so far ahead. */
async function skewed(site: Site, ahead: { readonly server: Millis; readonly worker: Millis }): Promise<Skewed> {
  const startedAt = Date.now();
  const start = async (words: readonly string[], by: Millis): Promise<[DaemonProcess, () => Promise<void>]> => {
    const clock = await shiftedClock(site.folder, words[0] ?? '', by);
    const daemon = await site.start(words, site.redis.port, clock.env);
    return [daemon, () => clock.shift(daemon, -by)];
  };
  const [[server, turnServer], [, turnWorker]] = await Promise.all([
    start(['serve', '--port', '0'], ahead.server),
    start(['worker', '--name', 'w1'], ahead.worker),
  ]);
  const turn = async (): Promise<void> => void (await Promise.all([turnServer(), turnWorker()]));
  return { client: site.clientOf(server), startedAt, turn };
}

async function expectRetryAndOutputInTime(client: Client): Promise<void> {
  const job = { command: 'echo out; [ $JOBSCHED_ATTEMPT = 2 ]', retries: 1, retry_delay_seconds: 1 };
  const { id } = await client.jobs.create(job);
  await untilStatus(client, `${id}.1`, 'succeeded');
  const [second, first] = (await client.runs.get(`${id}.1`)).attempts;
  expectBetween(at(second?.started_at) - at(first?.finished_at), SECOND - HAIR, SECOND + SLACK);
  for await (const event of client.runs.frames(`${id}.1`)) {
    if (event.kind !== 'output') continue;
    expectBetween(at(event.at), at(second?.started_at) - HAIR, at(second?.finished_at) + HAIR);
  }
}

async function expectTimeoutInTime(client: Client): Promise<void> {
  const { id } = await client.jobs.create({ command: 'sleep 600', timeout_seconds: 1 });
  const { reason, started_at, finished_at } = await untilStatus(client, `${id}.1`, 'failed');
  expect(reason).toBe('timeout');
  expectBetween(at(finished_at) - at(started_at), SECOND - HAIR, SECOND + SLACK);
}

/** Once three have run. */
async function expectEachSlotInTime(client: Client, job: string, step: Millis): Promise<void> {
  const runs = await untilSeen(client, async () => {
    const { rows } = await client.runs.list({ job });
    return rows.length >= 3 ? rows.toReversed() : null;
  });
  const slots = runs.map((run) => at(run.scheduled_for));
  expect(slots).toEqual(slots.map((_, index) => (slots[0] ?? 0) + index * step));
  for (const { started_at, scheduled_for } of runs) {
    if (started_at !== null) expectBetween(at(started_at) - at(scheduled_for), 0, SLACK);
  }
}

export function skewedClocks(): void {
  describe.concurrent('a server and a worker whose clocks are wrong', { timeout: 60_000 }, () => {
    it.for([{ server: HOUR, worker: -HOUR }, ...(long ? [{ server: -HOUR, worker: HOUR }] : [])])(
      '(by $server and $worker ms) and are set do nothing early, late or twice',
      async (ahead, { site }) => {
        const { client, startedAt, turn } = await skewed(site, ahead);
        const cron = { command: 'true', overlap: 'allow' } as const;
        const seconds = await client.jobs.create({ ...cron, schedule: '* * * * * *' });
        const intervals = await client.jobs.create({ ...cron, schedule: '@every 2s' });
        for (const { next_run_at } of [seconds, intervals]) {
          expectBetween(at(next_run_at), startedAt, Date.now() + 2 * SECOND);
        }
        await Promise.all([expectRetryAndOutputInTime(client), expectTimeoutInTime(client)]);
        await turn();
        await expectEachSlotInTime(client, seconds.id, SECOND);
        await expectEachSlotInTime(client, intervals.id, 2 * SECOND);
        for (const { alive, last_seen_at } of await client.workers()) {
          expect(alive).toBe(true);
          expectBetween(at(last_seen_at), startedAt, Date.now());
        }
      },
    );
  });
}
