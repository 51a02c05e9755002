/**
 * What this process asks of its store, how long that takes, and what comes of it. A wrapper, so that neither engine knows:
 * some microseconds a call. Labels are the contract's methods.
 */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Clock } from '../clock.ts';
import { SECOND } from '../domain/instant.ts';
import type { ClaimResult } from '../store/leases.ts';
import type { Tick } from '../store/schedules.ts';
import type { Store } from '../store/store.ts';
import { LATENCY_SECONDS } from './buckets.ts';

/** No calls: they wait as long as there is nothing to do, or are nothing that the engine is asked. */
const UNMEASURED: ReadonlySet<string> = new Set([
  'subscribe',
  'waitForWork',
  'close',
  'losses',
  'backup',
] satisfies (keyof Store)[]);

/** As long as slots take that were missed while nobody was there. */
const LAG_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

export function measuredStore(store: Store, to: Registry, { monotonic }: Pick<Clock, 'monotonic'>): Store {
  const latency = new Histogram({
    name: 'jobsched_store_call_seconds',
    help: 'How long calls of the storage engine took, in this process.',
    labelNames: ['method'],
    buckets: LATENCY_SECONDS,
    registers: [to],
  });
  const failed = new Counter({
    name: 'jobsched_store_calls_failed_total',
    help: 'Calls of the storage engine that failed, in this process.',
    labelNames: ['method'],
    registers: [to],
  });
  const heed = outcomes(to);
  const measured = new Map<PropertyKey, unknown>();

  const wrap = (name: string, call: (...args: unknown[]) => unknown): unknown => {
    if (UNMEASURED.has(name)) return call.bind(store);
    const time = latency.labels(name);
    return async (...args: unknown[]): Promise<unknown> => {
      const begun = monotonic();
      try {
        const result: unknown = await call.apply(store, args);
        heed(name, result);
        return result;
      } catch (error) {
        failed.labels(name).inc();
        throw error;
      } finally {
        time.observe((monotonic() - begun) / SECOND);
      }
    };
  };

  return new Proxy(store, {
    get: (target, name) => {
      const known = measured.get(name);
      if (known !== undefined) return known;
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function' || typeof name !== 'string') return value;
      const wrapped = wrap(name, value as (...args: unknown[]) => unknown);
      measured.set(name, wrapped);
      return wrapped;
    },
  });
}

/** What the results of some calls tell. */
function outcomes(to: Registry): (method: string, result: unknown) => void {
  const claimed = new Counter({
    name: 'jobsched_claimed_runs_total',
    help: 'Runs that this process has claimed.',
    registers: [to],
  });
  const lag = new Histogram({
    name: 'jobsched_scheduler_lag_seconds',
    help: 'From a slot to when the scheduler of this process saw that it had come.',
    buckets: LAG_SECONDS,
    registers: [to],
  });
  const count = (claim: ClaimResult | null): void => claimed.inc(claim?.claimed.length ?? 0);
  return (method, result) => {
    if (method === 'claim') count(result as ClaimResult);
    else if (method === 'finish') count((result as Awaited<ReturnType<Store['finish']>>).claim);
    else if (method === 'tick') {
      const { now, due } = result as Tick;
      for (const { slot } of due) lag.observe(Math.max(0, now - slot) / SECOND);
    }
  };
}
