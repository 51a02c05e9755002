/**
 * The HEALTHCHECK of the image; exits with 0 when all is well, else says what is not.
 *
 *   node health.js                  whether the server of this container can do its work
 *   node health.js http://api:8080  whether that server hears from the worker of this container, which listens nowhere
 */
import { hostname } from 'node:os';

const [server] = process.argv.slice(2);
const { JOBSCHED_PORT: port = '8080', JOBSCHED_NAME: name = hostname() } = process.env;

try {
  const problem = server === undefined ? await notReady(`http://127.0.0.1:${port}`) : await notHeardOf(server);
  if (problem !== null) fail(problem);
} catch (error) {
  fail(`${error.message}: ${error.cause?.message ?? ''}`);
}

async function notReady(self) {
  const response = await fetch(new URL('/readyz', self));
  return response.ok ? null : await response.text();
}

async function notHeardOf(at) {
  const response = await fetch(new URL('/api/workers', at));
  if (!response.ok) return await response.text();
  const { workers } = await response.json();
  return workers.some((worker) => worker.name === name && worker.alive) ? null : `${at} does not hear from ${name}`;
}

function fail(problem) {
  console.error(problem);
  process.exitCode = 1;
}
