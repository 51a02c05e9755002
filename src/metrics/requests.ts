/** Requests of HTTP by their route and how they were answered. Labels are bounded: the routes, never a path that was asked. */
import { Counter, Histogram, type Registry } from 'prom-client';
import { SECOND, type Millis } from '../domain/instant.ts';
import { LATENCY_SECONDS } from './buckets.ts';

interface Answered {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly took: Millis;
}

/** @returns what the HTTP server is to tell of each request. */
export function requestCounter(to: Registry): (answered: Answered) => void {
  const count = new Counter({
    name: 'jobsched_http_requests_total',
    help: 'Requests that this server answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [to],
  });
  const time = new Histogram({
    name: 'jobsched_http_request_seconds',
    help: 'How long this server took until the answer to a request was there.',
    labelNames: ['route'],
    buckets: LATENCY_SECONDS,
    registers: [to],
  });
  return ({ method, route, status, took }) => {
    count.inc({ method, route, status });
    time.observe({ route }, took / SECOND);
  };
}
