/** Numbers of this process alone: its memory, its CPU, its event loop, and what its parts add. */
import { collectDefaultMetrics, Registry } from 'prom-client';
import { HOUR } from '../domain/instant.ts';
import { measureEventLoop } from './event-loop.ts';

export function processMetrics(): Registry {
  const registry = new Registry();
  // The package's own look at the event loop cannot be left out, but be made rare; ours shows instead.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: HOUR });
  for (const { name } of registry.getMetricsAsArray()) {
    if (name.startsWith('nodejs_eventloop_lag_')) registry.removeSingleMetric(name);
  }
  measureEventLoop(registry);
  return registry;
}
