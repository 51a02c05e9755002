/** What Prometheus is shown, from both engines, is what docs/metrics.md says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { SECOND } from '../../src/domain/instant.ts';
import { createMetrics, MOST_QUEUES } from '../../src/metrics.ts';
import type { Store } from '../../src/store/store.ts';
import { contract } from './contract.ts';
import { EXIT_1, SUCCEEDED } from './test-worker.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
const documented = [...page.matchAll(/^\| `(jobsched_\w+)` \| (\w+) \|/gmu)].map(([, name, type]) => [name, type]);

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

contract('metrics', (it) => {
  it('are those of the documentation', async ({ world }) => {
    expect(shown(await createMetrics(world.store, '1.2.3').render())).toEqual(documented);
  });

  it('count what happened', async ({ world }) => {
    await world.once({ lateAfterSeconds: 1 });
    await world.once({ retries: 1, queue: 'q"1\n' });
    world.clock.advance(2 * SECOND);
    const worker = world.worker();
    const first = await worker.claimed();
    await worker.finish(first, SUCCEEDED, { durationMs: 700 });
    const numbers = numbersOf(await createMetrics(world.store, '1.2.3').render());
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
    const numbers = numbersOf(await createMetrics(world.store, '1.2.3').render());
    expect(numbers.get('jobsched_runs_ended_total{status="failed",reason="exit"}')).toBe(1);
  });

  it('name no more than the queues with the most work', async ({ world }) => {
    for (let index = 0; index < MOST_QUEUES + 5; index++) await world.once({ queue: `q${index}` });
    for (let count = 0; count < 2; count++) await world.once({ queue: 'busy' });
    const numbers = numbersOf(await createMetrics(world.store, '1.2.3').render());
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
    const text = await createMetrics(away, '1.2.3').render();
    expect(numbersOf(text).get('jobsched_engine_up')).toBe(0);
    expect(shown(text)).toEqual([
      ['jobsched_info', 'gauge'],
      ['jobsched_engine_up', 'gauge'],
    ]);
    expect(text).toContain('process_cpu_seconds_total');
  });
});
