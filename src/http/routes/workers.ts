/** One worker: looked at, drained. All of them: see `system.ts`. */
import { JobschedError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import type { WorkerRecord } from '../../store/workers.ts';
import { called } from '../audit/deeds.ts';
import { json } from '../reply/reply.ts';
import { workerView, type WorkerView } from '../schema/system.ts';
import { toWorkerView } from '../system/view.ts';
import { route } from './route.ts';

export const getWorker = route({
  method: 'GET',
  path: '/api/workers/:ref',
  access: 'viewer',
  doc: {
    id: 'getWorker',
    tag: 'system',
    summary: 'Look at a worker',
    responses: { 200: { description: 'The worker.', schema: workerView } },
    errors: ['not_found', 'ambiguous'],
  },
  handle: async ({ app, params }) =>
    json(200, toWorkerView(await findWorker(app.store, params['ref'] ?? '')) satisfies WorkerView),
});

export const drainWorker = route({
  method: 'POST',
  path: '/api/workers/:ref/drain',
  access: 'operator',
  action: 'worker.drain',
  doc: {
    id: 'drainWorker',
    tag: 'system',
    summary: 'Let a worker claim no more runs',
    description:
      'What it runs goes on to its end; then it can be stopped. It hears of it at once, or within 5 seconds. Nobody takes ' +
      'it back: a worker that is restarted claims again. A worker that drains stays so.',
    responses: { 200: { description: 'The worker.', schema: workerView } },
    errors: ['not_found', 'ambiguous'],
  },
  handle: async ({ app, params, deeds }) => {
    const worker = await findWorker(app.store, params['ref'] ?? '');
    const drained = await deeds.trying(app.store.drainWorker(worker.id), worker.id, called(worker.name));
    if (drained === 'not_found') throw noWorker(worker.name);
    deeds.did(worker.id, called(worker.name));
    return json(200, toWorkerView(await findWorker(app.store, worker.id)) satisfies WorkerView);
  },
});

/** @param ref an id, or the name of one that lives. @throws JobschedError `not_found`, `ambiguous`. */
async function findWorker(store: Pick<Store, 'workers'>, ref: string): Promise<WorkerRecord> {
  const workers = await store.workers();
  const exact = workers.find(({ id }) => id === ref);
  if (exact !== undefined) return exact;
  const [only, ...others] = workers.filter(({ name, alive }) => alive && name === ref);
  if (only === undefined) throw noWorker(ref);
  if (others.length === 0) return only;
  const ids = [only, ...others].map(({ id }) => id);
  throw new JobschedError('ambiguous', `several workers are called ${ref}: ${ids.slice(0, 3).join(', ')}`, {
    hint: 'Use the id of one.',
  });
}

function noWorker(ref: string): JobschedError {
  return new JobschedError('not_found', `there is no worker ${JSON.stringify(ref.slice(0, 100))}, or it has stopped`, {
    hint: 'A worker goes by its id, and by its name while it lives. GET /api/workers lists them.',
  });
}
