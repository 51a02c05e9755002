/**
 * How late this process comes to its work. Beside the package's own numbers, which count the time from one look to the
 * next with it: a process without a care would show that.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';
import { SECOND, type Millis } from '../domain/instant.ts';

/** Often enough to be told, seldom enough to cost nothing. */
const LOOK_EVERY: Millis = 100;
const QUANTILES = [0.5, 0.9, 0.99, 1] as const;
const NANOSECONDS = 1e9;

export function measureEventLoop(to: Registry): void {
  const looks = monitorEventLoopDelay({ resolution: LOOK_EVERY });
  looks.enable();
  const late = (quantile: number): number =>
    looks.count === 0 ? 0 : Math.max(0, looks.percentile(100 * quantile) / NANOSECONDS - LOOK_EVERY / SECOND);
  const gauge = new Gauge({
    name: 'jobsched_event_loop_lag_seconds',
    help: 'How much later than they were due timers of this process ran, since the last look at this page.',
    labelNames: ['quantile'],
    registers: [],
    collect: () => {
      for (const quantile of QUANTILES) gauge.set({ quantile }, late(quantile));
      looks.reset();
    },
  });
  to.registerMetric(gauge);
}
