/** `POST /api/jobs`: one job or many. */
import { JobschedError } from '../../errors.ts';
import { called } from '../audit/deeds.ts';
import { newJobId, requestOf } from '../request/idempotency.ts';
import {
  jobHeaders,
  judgeNewJob,
  madeBefore,
  madeJob,
  REPLAYED,
  tellMade,
  toNewJob,
  type MadeJob,
} from '../job/make.ts';
import { tooLarge } from '../request/body.ts';
import { scheduleContext } from '../job/schedule-spec.ts';
import { toJobView } from '../job/view.ts';
import { json, type Reply } from '../reply/reply.ts';
import { route, type ApiRequest } from './route.ts';
import { bulkBody, newJobBody } from '../schema/job-body.ts';
import { bulkResult, jobView } from '../schema/job-view.ts';
import { refusal } from '../request/validate.ts';
import { requireTakingWork } from '../taking-work.ts';
import { createMany } from './create-many.ts';

export const createJobs = route({
  method: 'POST',
  path: '/api/jobs',
  access: 'operator',
  action: 'job.create',
  doc: {
    id: 'createJobs',
    tag: 'jobs',
    summary: 'Make one job, or many',
    description:
      'With a `command` alone the job runs once, at once. With a `schedule` it runs whenever that comes. With ' +
      '`{"jobs": […]}`, up to 1,000 jobs are made, each judged for itself. An `Idempotency-Key` makes it safe to send ' +
      'the request again: the same key with the same body makes nothing new, and within 24 hours with another body is an ' +
      'error.',
    headers: { 'Idempotency-Key': '1 to 255 visible ASCII characters, new for each request.' },
    responses: {
      200: { description: 'What became of each of the jobs.', schema: bulkResult },
      201: {
        description: 'The job was made, or had been by the same request before.',
        schema: jobView,
        headers: ['ETag', 'Location', 'Idempotency-Replayed'],
      },
    },
    errors: [
      'invalid_request',
      'invalid_schedule',
      'not_supported_yet',
      'name_taken',
      'idempotency_key_reused',
      'shutting_down',
    ],
  },
  body: { schemas: [newJobBody, bulkBody], required: true, bulk: true },
  handle: (request) => {
    requireTakingWork(request.app);
    return isBulk(request.body) ? createMany(request) : createOne(request);
  },
});

function isBulk(body: unknown): boolean {
  return typeof body === 'object' && body !== null && Object.hasOwn(body, 'jobs');
}

/** Of a once job nothing is awaited before the store is called: submits of one turn of the event loop share its transaction. */
async function createOne(request: ApiRequest): Promise<Reply> {
  const { app, body, bodyBytes, deeds } = request;
  // Bytes beyond that are for those who send many; the reader could not know yet.
  if (bodyBytes !== null && bodyBytes.length > app.limits.bodyBytes) throw tooLarge(app.limits.bodyBytes);
  const submit = requestOf(request);
  const id = newJobId(submit, 0);
  const judged = judgeNewJob(body, await scheduleContext(app, [body]));
  if (!judged.ok) {
    const before = submit === null ? null : await madeBefore(app.store, id);
    if (before === null) throw refusal(judged.faults);
    return toReply(before);
  }
  const making = app.store.createJobs([toNewJob(judged.value, id)], submit);
  const [result] = await deeds.trying(making, id, called(judged.value.definition.name));
  if (result === undefined) throw new Error('the store answered nothing');
  const made = madeJob(result, judged.value.definition, submit?.key ?? null, '');
  if (made instanceof JobschedError) throw made;
  tellMade(request, made);
  return toReply(made);
}

function toReply({ job, replayed }: MadeJob): Reply {
  return json(201, toJobView(job, job.updatedAt), { ...jobHeaders(job), ...(replayed && REPLAYED) });
}
