/** Numbers of this process alone: its memory, its CPU, its event loop, and what its parts add. */
import { collectDefaultMetrics, Registry } from 'prom-client';

/** How finely the delays of the event loop are measured: often enough to be told, seldom enough to cost nothing. */
const LOOP_MEASURED_EVERY_MS = 100;

export function processMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_MEASURED_EVERY_MS });
  return registry;
}
