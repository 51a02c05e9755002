/** Queues: listed, paused, resumed, limited. */
import { JobschedError } from '../../errors.ts';
import type { QueueChange } from '../../store/queues.ts';
import type { App } from '../app.ts';
import { json, type Reply } from '../reply/reply.ts';
import { validate } from '../request/validate.ts';
import { queueList, queuePatch, queuePath, queueView, type QueueList } from '../schema/queue.ts';
import { toQueueView } from '../system/view.ts';
import { route, type ApiRequest } from './route.ts';

export const listQueues = route({
  method: 'GET',
  path: '/api/queues',
  access: 'viewer',
  doc: {
    id: 'listQueues',
    tag: 'system',
    summary: 'Where runs wait',
    responses: { 200: { description: 'The queues.', schema: queueList } },
    errors: [],
  },
  handle: async ({ app }) => {
    const [queues, workers] = await Promise.all([app.store.queues(), app.store.workers()]);
    return json(200, { queues: queues.map((queue) => toQueueView(queue, workers)) } satisfies QueueList);
  },
});

export const pauseQueue = route({
  method: 'POST',
  path: '/api/queues/:name/pause',
  access: 'operator',
  action: 'queue.pause',
  doc: {
    id: 'pauseQueue',
    tag: 'system',
    summary: 'Let no run of a queue begin',
    description: 'Runs that are running go on, and new ones may come to wait. A queue that is paused stays so.',
    responses: { 200: { description: 'The queue.', schema: queueView } },
    errors: ['invalid_request', 'not_found'],
  },
  handle: (request) => change(request, { paused: true }),
});

export const resumeQueue = route({
  method: 'POST',
  path: '/api/queues/:name/resume',
  access: 'operator',
  action: 'queue.resume',
  doc: {
    id: 'resumeQueue',
    tag: 'system',
    summary: 'Let the runs of a queue begin again',
    description: 'Those that waited come in their order. Its limit stays.',
    responses: { 200: { description: 'The queue.', schema: queueView } },
    errors: ['invalid_request', 'not_found'],
  },
  handle: (request) => change(request, { paused: false }),
});

export const updateQueue = route({
  method: 'PATCH',
  path: '/api/queues/:name',
  access: 'operator',
  action: 'queue.update',
  doc: {
    id: 'updateQueue',
    tag: 'system',
    summary: 'Limit how many runs of a queue run at once',
    description: 'On all workers together. Runs that are running go on, also when they are more than may run now.',
    responses: { 200: { description: 'The queue.', schema: queueView } },
    errors: ['invalid_request', 'not_found'],
  },
  body: { schemas: [queuePatch], required: true },
  handle: async (request) => {
    const { max_running: maxRunning } = validate(queuePatch, request.body);
    return change(request, maxRunning === undefined ? {} : { maxRunning });
  },
});

async function change({ app, params, deeds }: ApiRequest, wanted: QueueChange): Promise<Reply> {
  const { name } = validate(queuePath, params);
  await requireKnown(app, name);
  const detail = wanted.maxRunning === undefined ? {} : { max_running: wanted.maxRunning };
  await deeds.trying(app.store.setQueue(name, wanted), name, detail);
  deeds.did(name, detail);
  const [queues, workers] = await Promise.all([app.store.queues(), app.store.workers()]);
  const empty = { name, queued: 0, running: 0, paused: false, maxRunning: null };
  return json(200, toQueueView(queues.find((queue) => queue.name === name) ?? empty, workers));
}

/**
 * A queue is there by being named, so any name could be set; but one that nothing goes by is most likely mistyped, and
 * whoever pauses a queue has to be told when it goes on.
 *
 * @throws JobschedError `not_found`.
 */
async function requireKnown({ store }: App, name: string): Promise<void> {
  const [queues, workers] = await Promise.all([store.queues(), store.workers()]);
  if (queues.some((queue) => queue.name === name) || workers.some((worker) => worker.queues.includes(name))) return;
  throw new JobschedError('not_found', `there is no queue ${JSON.stringify(name)}`, {
    hint: 'A queue is known while runs wait or run in it, a worker serves it, or it is paused or limited.',
  });
}
