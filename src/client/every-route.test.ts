/** The client has a method for every operation of the API, and each asks for what the document says. */
import { expect, test } from 'vitest';
import { createClient, type Client } from './client.ts';
import { DOCUMENT } from '../../test/support/described.ts';
import { fakeServer, json } from '../../test/support/fake-server.ts';

const first = async (rows: AsyncIterable<unknown>): Promise<void> => {
  for await (const _ of rows) return;
};

/** By the operations' names. */
const CALLS: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  createJobs: ({ jobs }) => jobs.create({ command: 'true' }),
  checkJobs: ({ jobs }) => jobs.check([{ command: 'true' }]),
  listJobs: ({ jobs }) => jobs.list(),
  bulkJobs: ({ jobs }) => first(jobs.bulk({ action: 'pause', filter: {} })),
  getJob: ({ jobs }) => jobs.get('a'),
  updateJob: ({ jobs }) => jobs.update('a', { priority: 1 }),
  deleteJob: ({ jobs }) => jobs.delete('a'),
  listJobVersions: ({ jobs }) => jobs.versions('a'),
  getJobStats: ({ jobs }) => jobs.stats('a'),
  runJob: ({ jobs }) => jobs.run('a'),
  pauseJob: ({ jobs }) => jobs.pause('a'),
  resumeJob: ({ jobs }) => jobs.resume('a'),
  cancelJob: ({ jobs }) => jobs.cancel('a'),
  listJobRuns: ({ jobs }) => jobs.runs('a'),
  listRuns: ({ runs }) => runs.list(),
  bulkRuns: ({ runs }) => first(runs.bulk({ action: 'cancel', filter: {} })),
  getRun: ({ runs }) => runs.get('a'),
  cancelRun: ({ runs }) => runs.cancel('a'),
  retryRun: ({ runs }) => runs.retry('a'),
  getOutput: ({ runs }) => first(runs.output('a')),
  getOutputLines: ({ runs }) => runs.lines('a'),
  searchOutput: ({ runs }) => first(runs.search('a', 'text')),
  getFirstError: ({ runs }) => runs.firstError('a'),
  previewSchedule: ({ schedules }) => schedules.preview({ schedule: '@hourly' }),
  getCalendar: ({ schedules }) => schedules.calendar(),
  listWorkers: (client) => client.workers(),
  getWorker: (client) => client.worker('a'),
  drainWorker: (client) => client.drainWorker('a'),
  listQueues: (client) => client.queues(),
  updateQueue: (client) => client.updateQueue('a', { max_running: 1 }),
  pauseQueue: (client) => client.pauseQueue('a'),
  resumeQueue: (client) => client.resumeQueue('a'),
  getStats: (client) => client.stats(),
  getSeries: (client) => client.series(),
  getDoctor: (client) => client.doctor(),
  getMetrics: (client) => client.metrics(),
  createBackup: (client) => first(client.backup()),
  watchEvents: (client) => first(client.events()),
  listKeys: ({ keys }) => keys.list(),
  createKey: ({ keys }) => keys.create({ name: 'a', role: 'viewer' }),
  revokeKey: ({ keys }) => keys.revoke('a'),
  whoami: (client) => client.whoami(),
  listAudit: (client) => client.auditPage(),
  live: (client) => client.live(),
  ready: (client) => client.ready(),
  getOpenApi: (client) => client.openApi(),
};

/** Programs show their key; a page logs in for a cookie. */
const OF_THE_PAGE = new Set(['login', 'logout']);

const operations = Object.entries(DOCUMENT.paths)
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ operationId, path, method: method.toUpperCase() })),
  )
  .filter(({ operationId }) => !OF_THE_PAGE.has(operationId));

test('every operation has its call', () => {
  expect(Object.keys(CALLS).toSorted()).toEqual(operations.map(({ operationId }) => operationId).toSorted());
});

test.each(operations)('$operationId asks for $method $path', async ({ operationId, method, path }) => {
  const page = {
    rows: [],
    jobs: [],
    runs: [],
    workers: [],
    queues: [],
    versions: [],
    matches: [],
    keys: [],
    entries: [],
    next: null,
  };
  await using server = await fakeServer(json({ ...page, next_cursor: null }));
  const client = createClient({ server: server.url });
  await CALLS[operationId]?.(client);
  await client.close();
  // What some ask before is for themselves.
  const asked = server.seen.at(-1);
  expect([asked?.method, asked?.url?.split('?')[0]]).toEqual([method, path.replaceAll(/\{\w+\}/g, 'a')]);
});
