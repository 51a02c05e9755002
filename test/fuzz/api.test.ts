/**
 * Requests made from the OpenAPI document, on both engines: whatever is sent, the answer is what the document says, what it
 * does not allow is refused with a field or a hint, and nothing is a bug. Half of them show the key of an admin, the others
 * none, as the machine's own user may. `npm run test:long` sends 100,000.
 */
import fc from 'fast-check';
import { Agent, request as send } from 'undici';
import { describe, expect, it } from 'vitest';
import { ENGINES } from '../contract/engines.ts';
import { EXIT_1, SUCCEEDED, type TestWorker } from '../contract/test-worker.ts';
import { bearer, makeKey } from '../support/access.ts';
import { startApi, type Api } from '../support/api.ts';
import { frame, testWorker } from '../support/api-worker.ts';
import { undescribed } from '../support/described.ts';
import { long } from '../support/long.ts';
import { requests, type FuzzRequest, type Known } from './requests.ts';

const COUNT = long ? 50_000 : 1_000;
/** So many are made at a time; then what was deleted is there again. */
const BATCH = 100;
const AT_ONCE = 16;
const MOST_FAULTS = 10;

const KNOWN: Known = {
  jobs: ['nightly', 'hello', 'many'],
  runs: ['hello#1', 'many#1', 'many#2'],
  queues: ['default', 'gpu'],
};

const JOBS = [
  { name: 'nightly', command: 'true', schedule: '0 2 * * *', overlap: 'allow' },
  { name: 'hello', command: 'echo hello', tags: ['a'] },
  { name: 'many', command: 'true', schedule: '@every 1h', overlap: 'allow', queue: 'gpu' },
];

interface Answered {
  /** What the document does not say of it. */
  readonly fault: string | null;
  readonly status: number;
  readonly problem: Readonly<Record<string, unknown>> | null;
}

for (const engine of ENGINES) {
  describe(`any request (${engine.name})`, () => {
    it(`of ${COUNT}`, { timeout: long ? 3_600_000 : 60_000 }, async () => {
      const seed = Number(process.env['JOBSCHED_FUZZ_SEED'] ?? Math.trunc(Math.random() * 2 ** 31));
      const opened = await engine.open();
      const counts = new Map<string, number>();
      const faults: string[] = [];
      try {
        await using api = await startApi({ store: opened.store });
        const dispatcher = new Agent({ connections: AT_ONCE });
        const all = requests(KNOWN);
        const worker = testWorker(opened.store);
        const admin = bearer(await makeKey(opened.store, 'fuzzer', 'admin'));
        for (let done = 0; done < COUNT; done += BATCH) {
          await prepare(api, worker);
          const batch = fc.sample(all, { seed: seed + done, numRuns: BATCH }).entries();
          const one = async (): Promise<void> => {
            for (const [place, made] of batch) {
              const request = place % 2 === 0 ? made : { ...made, headers: { ...made.headers, ...admin } };
              const answered = await ask(`http://127.0.0.1:${api.server.port}`, dispatcher, request);
              const fault = answered.fault ?? faultIn(request, answered);
              if (fault !== null && faults.length < MOST_FAULTS) faults.push(`${fault}\n${shown(request)}`);
              const kind = `${request.operation} ${answered.status}`;
              counts.set(kind, (counts.get(kind) ?? 0) + 1);
            }
          };
          await Promise.all(Array.from({ length: AT_ONCE }, one));
        }
        await dispatcher.destroy();
        expect(faults, `seed ${seed}`).toEqual([]);
        expect(api.log.filter((line) => line.includes('a request met a bug'))).toEqual([]);
      } finally {
        await opened.dispose();
      }
      if (long) report(engine.name, seed, counts);
      // Neither all refused nor all taken, or it tries nothing.
      const taken = [...counts].reduce((sum, [kind, count]) => sum + (/ 20\d$/.test(kind) ? count : 0), 0);
      expect(taken / COUNT).toBeGreaterThan(0.1);
      expect(taken / COUNT).toBeLessThan(0.9);
    });
  });
}

/** Jobs by the names that are asked for, with runs that wait, run, and have ended with output. */
async function prepare(api: Api, worker: TestWorker): Promise<void> {
  for (const body of JOBS) await api.call('POST', '/api/jobs', { body });
  for (let run = 0; run < 2; run += 1) await api.call('POST', '/api/jobs/many/run', { body: { force: true } });
  const { claimed } = await worker.claim(20, ['default', 'gpu']);
  for (const [index, held] of claimed.entries()) {
    await worker.append(held, 0, frame('hello\nworld\n'), frame('\u00e9\n', 'stderr'));
    if (index % 2 === 0) await worker.finish(held, index % 4 === 0 ? SUCCEEDED : EXIT_1);
  }
}

async function ask(base: string, dispatcher: Agent, request: FuzzRequest): Promise<Answered> {
  const { method, path, headers, body } = request;
  const response = await send(base + path, { dispatcher, method, headers, body });
  const type = String(response.headers['content-type'] ?? '');
  const isJson = /^application\/(?:problem\+)?json/.test(type);
  // What is followed does not end: nobody executes runs here.
  const bytes = isJson ? Buffer.from(await response.body.arrayBuffer()) : null;
  if (!isJson) response.body.on('error', () => undefined).destroy();
  const { statusCode: status } = response;
  const fault = undescribed({ method, path, status, headers: response.headers, body: bytes });
  const isProblem = type.startsWith('application/problem+json') && bytes !== null;
  return { status, fault, problem: isProblem ? (JSON.parse(bytes.toString()) as Answered['problem']) : null };
}

function faultIn({ allowed }: FuzzRequest, { status, problem }: Answered): string | null {
  const said = `${status} ${JSON.stringify(problem)}`;
  if (status >= 500) return `a bug: ${said}`;
  if (!allowed && status < 400) return `taken, although the document does not allow it: ${said}`;
  const helps = problem?.['field'] !== undefined || problem?.['hint'] !== undefined;
  return status >= 400 && !helps ? `refused with neither field nor hint: ${said}` : null;
}

function shown({ method, path, headers, body }: FuzzRequest): string {
  return `${method} ${path} ${JSON.stringify(headers)} ${body?.toString().slice(0, 2_000) ?? ''}`;
}

function report(engine: string, seed: number, counts: ReadonlyMap<string, number>): void {
  const lines = [...counts]
    .toSorted(([one], [other]) => one.localeCompare(other, 'en'))
    .map(([kind, count]) => `${String(count).padStart(7)} ${kind}`);
  process.stdout.write(`${COUNT} requests on ${engine}, seed ${seed}:\n${lines.join('\n')}\n`);
}
