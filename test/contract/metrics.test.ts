/** What Prometheus is shown, from both engines, is what docs/metrics.md says. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { workerId } from '../../src/domain/id.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { createMetrics, MOST_QUEUES } from '../../src/metrics.ts';
import { processMetrics } from '../../src/metrics/process.ts';
import { requestCounter } from '../../src/metrics/requests.ts';
import { measuredStore } from '../../src/metrics/store-calls.ts';
import type { Store } from '../../src/store/store.ts';
import { contract } from './contract.ts';
import { EXIT_1, SUCCEEDED, TestWorker } from './test-worker.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
const documented = [...page.matchAll(/^\| `(jobsched_\w+)` \| (\w+) \|/gmu)].map(([, name, type]) => [name, type]);

/** Those that this process has whatever the engine does. */
const OF_PROCESS = documented.slice(documented.findIndex(([name]) => name === 'jobsched_event_loop_lag_seconds'));

/** Names and types, in their order, of ours. */
const shown = (text: string): unknown[] =>
  [...text.matchAll(/^# TYPE (jobsched_\w+) (\w+)$/gmu)].map(([, name, type]) => [name, type]);

const numbersOf = (text: string): Map<string, number> =>
  new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );

/** As a daemon has them. */
function metricsOf(opened: Store): ReturnType<typeof createMetrics> {
  const process = processMetrics();
  const store = measuredStore(opened, process, systemClock);
  requestCounter(process);
  return createMetrics(store, '1.2.3', process);
}

contract('metrics', (it) => {
  it('are those of the documentation', async ({ world }) => {
    expect(shown(await metricsOf(world.store).render())).toEqual(documented);
  });

  it('count what happened', async ({ world }) => {
    await world.once({ lateAfterSeconds: 1 });
    await world.once({ retries: 1, queue: 'q"1\n' });
    world.clock.advance(2 * SECOND);
    const worker = world.worker();
    const first = await worker.claimed();
    await worker.finish(first, SUCCEEDED, { durationMs: 700 });
    const numbers = numbersOf(await metricsOf(world.store).render());
    expect(Object.fromEntries(numbers)).toMatchObject({
      'jobsched_info{version="1.2.3"}': 1,
      jobsched_engine_up: 1,
      'jobsched_runs{status="pending"}': 1,
      'jobsched_runs{status="succeeded"}': 1,
      'jobsched_runs_ended_total{status="succeeded",reason=""}': 1,
      jobsched_runs_late_total: 1,
      'jobsched_attempt_duration_seconds_bucket{le="0.5"}': 0,
      'jobsched_attempt_duration_seconds_bucket{le="1"}': 1,
      'jobsched_attempt_duration_seconds_bucket{le="+Inf"}': 1,
      jobsched_attempt_duration_seconds_sum: 0.7,
      jobsched_attempt_duration_seconds_count: 1,
      'jobsched_queue_queued{queue="q\\"1\\n"}': 1,
    });
  });

  it('tell failures by their reason', async ({ world }) => {
    await world.once();
    const worker = world.worker();
    await worker.finish(await worker.claimed(), EXIT_1);
    const numbers = numbersOf(await metricsOf(world.store).render());
    expect(numbers.get('jobsched_runs_ended_total{status="failed",reason="exit"}')).toBe(1);
  });

  it('tell how long the oldest run of a queue has waited, whatever its priority', async ({ world }) => {
    await world.once({ queue: 'q', priority: -3 });
    world.clock.advance(30 * SECOND);
    await world.once({ queue: 'q', priority: 7 });
    await world.once({ queue: 'other' });
    world.clock.advance(2 * SECOND);
    const [q, other, none] = await world.store.waitingSince(['q', 'other', 'none']);
    expect((other ?? 0) - (q ?? 0)).toBe(30 * SECOND);
    expect(none).toBeNull();
    const numbers = numbersOf(await metricsOf(world.store).render());
    expect(numbers.get('jobsched_queue_oldest_seconds{queue="q"}')).toBe(32);
    expect(numbers.get('jobsched_queue_oldest_seconds{queue="other"}')).toBe(2);
  });

  it('tell what this process asked of the engine, and what came of it', async ({ world }) => {
    const process = processMetrics();
    const store = measuredStore(world.store, process, systemClock);
    const worker = new TestWorker(() => store, workerId(randomUUID()), 'w1');
    await world.once();
    await worker.finish(await worker.claimed(), SUCCEEDED);
    const slot = (await world.now()) + MINUTE;
    await world.cron({}, slot);
    world.clock.advance(MINUTE + 3 * SECOND);
    expect((await store.tick(10)).due).toHaveLength(1);
    const numbers = numbersOf(await process.metrics());
    expect(Object.fromEntries(numbers)).toMatchObject({
      jobsched_claimed_runs_total: 1,
      'jobsched_store_call_seconds_count{method="finish"}': 1,
      'jobsched_scheduler_lag_seconds_bucket{le="2.5"}': 0,
      'jobsched_scheduler_lag_seconds_bucket{le="5"}': 1,
    });
  });

  it('name no more than the queues with the most work', async ({ world }) => {
    for (let index = 0; index < MOST_QUEUES + 5; index++) await world.once({ queue: `q${index}` });
    for (let count = 0; count < 2; count++) await world.once({ queue: 'busy' });
    const numbers = numbersOf(await metricsOf(world.store).render());
    const queues = [...numbers.keys()].filter((name) => name.startsWith('jobsched_queue_queued'));
    expect(queues).toHaveLength(MOST_QUEUES + 1);
    expect(numbers.get('jobsched_queue_queued{queue="busy"}')).toBe(2);
    // Six, and `default`, which is always there.
    expect(numbers.get('jobsched_queue_queued{queue="(others)"}')).toBe(6);
  });

  it('say so when the engine does not answer', async ({ world }) => {
    const away = new Proxy(world.store, {
      get: (store, name) =>
        name === 'totals' ? async () => Promise.reject(new Error('away')) : store[name as keyof Store],
    });
    const text = await metricsOf(away).render();
    expect(numbersOf(text).get('jobsched_engine_up')).toBe(0);
    expect(shown(text)).toEqual([['jobsched_info', 'gauge'], ['jobsched_engine_up', 'gauge'], ...OF_PROCESS]);
    expect(text).toContain('process_cpu_seconds_total');
    expect(numbersOf(text).get('jobsched_store_calls_failed_total{method="totals"}')).toBe(1);
  });
});
