/**
 * Numbers about everything, for Prometheus. What they mean stands in docs/metrics.md, which a test holds to be complete.
 *
 * Those of the installation are read from the store at each look, so that every server shows the same and none of them
 * has to remember anything; those of this process are prom-client's own.
 *
 * Labels are bounded: states, reasons, and the queues with the most work, never a job or a command.
 */
import { Counter, Gauge, Registry, type Metric, type MetricValueWithName } from 'prom-client';
import { SECOND, type Instant } from './domain/instant.ts';
import { RUN_STATUSES } from './domain/run.ts';
import type { QueueCounts } from './store/queues.ts';
import type { Store } from './store/store.ts';
import type { Spread } from './store/totals.ts';
import type { WorkerRecord } from './store/workers.ts';

export interface Metrics {
  readonly contentType: string;
  /** Never rejects: of an engine that does not answer, `jobsched_engine_up` says so and the rest is left out. */
  render(): Promise<string>;
}

/** So many queues have their own numbers, those with the most work first; the others are one, `(others)`. */
export const MOST_QUEUES = 100;

interface Seen {
  readonly counts: Awaited<ReturnType<Store['counts']>>;
  readonly totals: Awaited<ReturnType<Store['totals']>>;
  readonly losses: Awaited<ReturnType<Store['losses']>>;
  readonly workers: readonly WorkerRecord[];
  readonly queues: readonly QueueCounts[];
  readonly now: Instant;
  /** When the oldest became claimable, of those queues that are shown by name. */
  readonly waitingSince: ReadonlyMap<string, Instant>;
}

/** @param process this process's own. */
export function createMetrics(store: Store, version: string, process: Registry): Metrics {
  return {
    contentType: process.contentType,
    render: async () => {
      const engine = new Registry();
      gauge(engine, 'jobsched_info', 'The version of this server.', ['version']).set({ version }, 1);
      // Nothing is wrong with this server when its engine is away: it says so.
      const seen = await look(store).catch(() => null);
      gauge(engine, 'jobsched_engine_up', 'Whether the storage engine answers.').set(seen === null ? 0 : 1);
      if (seen !== null) show(engine, seen);
      return `${await engine.metrics()}\n${await process.metrics()}`;
    },
  };
}

async function look(store: Store): Promise<Seen> {
  const [now, counts, totals, losses, workers, all] = await Promise.all([
    store.now(),
    store.counts(),
    store.totals(),
    store.losses(),
    store.workers(),
    store.queues(),
  ]);
  const queues = all.toSorted((one, other) => workOf(other) - workOf(one));
  const named = queues.slice(0, MOST_QUEUES).filter(({ queued }) => queued > 0);
  const since = await store.waitingSince(named.map(({ name }) => name));
  const waitingSince = new Map(
    named.flatMap(({ name }, index) => (since[index] == null ? [] : [[name, since[index]]])),
  );
  return { now, counts, totals, losses, workers, queues, waitingSince };
}

const workOf = (queue: QueueCounts): number => queue.queued + queue.running;

function show(to: Registry, seen: Seen): void {
  const { counts, totals, losses, workers } = seen;
  const jobs = gauge(to, 'jobsched_jobs', 'Jobs, by their status; once jobs are `once`.', ['status']);
  for (const [status, count] of Object.entries(counts.jobs)) jobs.set({ status }, count);
  const runs = gauge(to, 'jobsched_runs', 'Runs that are kept now, by their status.', ['status']);
  for (const status of RUN_STATUSES) runs.set({ status }, counts.runs[status]);
  const ended = counter(to, 'jobsched_runs_ended_total', 'Runs that ended for good.', ['status', 'reason']);
  for (const { status, reason, count } of totals.ended) ended.inc({ status, reason: reason ?? '' }, count);
  const retried = counter(to, 'jobsched_attempts_retried_total', 'Attempts that another one followed.', ['reason']);
  for (const { reason, count } of totals.retried) retried.inc({ reason }, count);
  counter(to, 'jobsched_attempts_contact_lost_total', 'Attempts whose worker went out of contact.').inc(
    totals.contactLost,
  );
  counter(to, 'jobsched_runs_late_total', 'Runs that started late.').inc(totals.late);
  gauge(to, 'jobsched_runs_waiting_late', 'Runs that wait and are late by now.').set(counts.waitingLate);
  gauge(to, 'jobsched_schedules_overdue', 'Schedules whose slot nobody fires.').set(counts.overdue);
  spread(to, 'jobsched_run_lateness_seconds', 'From the time of a run to its first start.', totals.lateness);
  spread(to, 'jobsched_attempt_duration_seconds', 'How long attempts ran.', totals.duration);
  const lost = gauge(to, 'jobsched_lost', 'What the storage engine acknowledged and lost.', ['what']);
  for (const what of ['jobs', 'runs', 'ends', 'changes'] as const) lost.set({ what }, losses[what]);
  showQueues(to, seen);
  showWorkers(to, workers);
}

function showQueues(to: Registry, { queues, waitingSince, now }: Seen): void {
  const queued = gauge(to, 'jobsched_queue_queued', 'Runs in a queue.', ['queue']);
  const oldest = gauge(to, 'jobsched_queue_oldest_seconds', 'How long the oldest run in a queue has waited.', [
    'queue',
  ]);
  const running = gauge(to, 'jobsched_queue_running', 'Runs of a queue that run.', ['queue']);
  const paused = gauge(to, 'jobsched_queue_paused', 'Whether a queue is paused; of the others, how many.', ['queue']);
  for (const [index, queue] of queues.entries()) {
    const isNamed = index < MOST_QUEUES;
    const labels = { queue: isNamed ? queue.name : '(others)' };
    if (isNamed) oldest.set(labels, Math.max(0, now - (waitingSince.get(queue.name) ?? now)) / SECOND);
    queued.inc(labels, queue.queued);
    running.inc(labels, queue.running);
    paused.inc(labels, queue.paused ? 1 : 0);
  }
}

function showWorkers(to: Registry, workers: readonly WorkerRecord[]): void {
  const count = gauge(to, 'jobsched_workers', 'Workers: active, draining, or silent (not heard of).', ['state']);
  const slots = gauge(to, 'jobsched_worker_slots', 'Runs that the workers in contact may run at once.');
  for (const state of ['active', 'draining', 'silent']) count.set({ state }, 0);
  slots.set(0);
  for (const { state, alive, concurrency } of workers) {
    if (state === 'stopped') continue;
    count.inc({ state: alive ? state : 'silent' });
    if (alive) slots.inc(concurrency);
  }
}

function gauge(to: Registry, name: string, help: string, labelNames: string[] = []): Gauge {
  return new Gauge({ name, help, labelNames, registers: [to] });
}

function counter(to: Registry, name: string, help: string, labelNames: string[] = []): Counter {
  return new Counter({ name, help, labelNames, registers: [to] });
}

/** A histogram of what others have counted: prom-client's own counts for itself, one by one. */
function spread(to: Registry, name: string, help: string, { buckets, beyond, sum }: Spread): void {
  const values: MetricValueWithName<string>[] = [];
  let count = 0;
  for (const bucket of buckets) {
    count += bucket.count;
    values.push({ metricName: `${name}_bucket`, labels: { le: bucket.upTo / SECOND }, value: count });
  }
  count += beyond;
  values.push({ metricName: `${name}_bucket`, labels: { le: '+Inf' }, value: count });
  values.push({ metricName: `${name}_sum`, labels: {}, value: sum / SECOND });
  values.push({ metricName: `${name}_count`, labels: {}, value: count });
  const read = { name, help, type: 'histogram', aggregator: 'sum', values };
  // A registry asks of a metric no more than its name and this.
  to.registerMetric({ name, get: async () => Promise.resolve(read) } as unknown as Metric);
}
