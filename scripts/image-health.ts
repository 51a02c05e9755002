/**
 * The HEALTHCHECK of the image: ends with 0 when all is well, else says what is not.
 *
 *   node health.ts                  whether the server of this container can do its work
 *   node health.ts http://api:8080  whether that server hears from the worker of this container, which listens nowhere
 */
import { hostname } from 'node:os';

const [server] = process.argv.slice(2);
const { JOBSCHED_PORT: port = '8080', JOBSCHED_NAME: name = hostname() } = process.env;

try {
  const problem = server === undefined ? await whyNotReady(`http://127.0.0.1:${port}`) : await whyNotHeard(server);
  if (problem !== null) fail(problem);
} catch (error) {
  // Of a server that does not answer, fetch says why only in the cause.
  fail(error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error));
}

async function whyNotReady(self: string): Promise<string | null> {
  const response = await fetch(new URL('/readyz', self));
  return response.ok ? null : response.text();
}

async function whyNotHeard(at: string): Promise<string | null> {
  const response = await fetch(new URL('/api/workers', at));
  if (!response.ok) return response.text();
  const { workers } = (await response.json()) as { readonly workers: readonly { name: string; alive: boolean }[] };
  return workers.some((worker) => worker.name === name && worker.alive) ? null : `${at} does not hear from ${name}`;
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
