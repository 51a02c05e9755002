/** The bulk half of `POST /api/jobs`: each job succeeds or fails for itself, and is answered in its place. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JobschedError } from '../../errors.ts';
import type { JobDefinition } from '../../domain/job.ts';
import type { NewJob, SubmitRequest } from '../../store/jobs.ts';
import { MOST_ITEMS } from '../../store/store.ts';
import { called } from '../audit/deeds.ts';
import { createSuggest, type Suggest } from '../request/did-you-mean.ts';
import { keyReused, newJobId, requestOf } from '../request/idempotency.ts';
import { judgeNewJob, madeBefore, madeJob, tellMade, toNewJob, type MadeJob } from '../job/make.ts';
import { scheduleContext, type ScheduleContext } from '../job/schedule-spec.ts';
import { toJobView } from '../job/view.ts';
import { toProblem } from '../reply/problem.ts';
import { json, type Reply } from '../reply/reply.ts';
import type { ApiRequest } from './route.ts';
import { bulkBody } from '../schema/job-body.ts';
import type { BulkItem, BulkResult } from '../schema/job-view.ts';
import { refusal, validate } from '../request/validate.ts';
import { whenAll } from '../when-all.ts';

/** Others get their turn between so many jobs. */
const JUDGED_AT_ONCE = 20;

/** A job that can be made, and where it stands in the request. */
interface Candidate {
  readonly place: number;
  readonly definition: JobDefinition;
  readonly job: NewJob;
}

export async function createMany(request: ApiRequest): Promise<Reply> {
  const submit = requestOf(request);
  const { jobs } = validate(bulkBody, request.body);
  const items: BulkItem[] = [];
  const candidates = await judgeAll(request, jobs, submit, items);
  if (candidates.length === 0 && submit !== null) await remember(request, submit);
  await whenAll(chunks(candidates).map((chunk) => createChunk(request, chunk, submit, items)));
  const refused = items.filter((item) => item.status === 'refused').length;
  return json(200, { created: items.length - refused, refused, results: items } satisfies BulkResult);
}

/** Answers for those that are not valid. */
async function judgeAll(
  request: ApiRequest,
  jobs: readonly unknown[],
  submit: SubmitRequest | null,
  items: BulkItem[],
): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  const context = await scheduleContext(request.app, jobs);
  const judging = { context, suggest: createSuggest() };
  for (const [place, value] of jobs.entries()) {
    if (place > 0 && place % JUDGED_AT_ONCE === 0) await nextTurn();
    const judged = await judgePlace(request, value, place, submit, judging);
    if ('status' in judged) items[place] = judged;
    else candidates.push(judged);
  }
  return candidates;
}

async function judgePlace(
  request: ApiRequest,
  value: unknown,
  place: number,
  submit: SubmitRequest | null,
  { context, suggest }: { readonly context: ScheduleContext; readonly suggest: Suggest },
): Promise<Candidate | BulkItem> {
  const { app } = request;
  const id = newJobId(submit, place);
  const judged = judgeNewJob(value, context, { at: `jobs[${place}]`, suggest });
  if (judged.ok) return { place, definition: judged.value.definition, job: toNewJob(judged.value, id) };
  const before = submit === null ? null : await madeBefore(app.store, id);
  return before === null ? refused(refusal(judged.faults), request) : toItem(before);
}

/** @throws JobschedError `idempotency_key_reused`: then no chunk has made anything. */
async function createChunk(
  request: ApiRequest,
  chunk: readonly Candidate[],
  submit: SubmitRequest | null,
  items: BulkItem[],
): Promise<void> {
  const results = await tryCreate(request, chunk, submit);
  for (const [index, { place, definition }] of chunk.entries()) {
    const result = results instanceof JobschedError ? results : results[index];
    if (result === undefined) throw new Error('the store answered too little');
    if ('status' in result && result.status === 'key_reused') throw keyReused(submit?.key ?? '');
    const made = 'status' in result ? madeJob(result, definition, null, `jobs[${place}].`) : result;
    if (!(made instanceof JobschedError)) tellMade(request, made);
    items[place] = made instanceof JobschedError ? refused(made, request) : toItem(made);
  }
}

/** A full disk refuses one part of a request and not the part before it: what was made is told as made. */
async function tryCreate(
  { app, deeds }: ApiRequest,
  chunk: readonly Candidate[],
  submit: SubmitRequest | null,
): Promise<Awaited<ReturnType<typeof app.store.createJobs>> | JobschedError> {
  try {
    const jobs = chunk.map(({ job }) => job);
    return await app.store.createJobs(jobs, submit);
  } catch (error) {
    for (const { job, definition } of chunk) deeds.failed(error, job.id, called(definition.name));
    if (error instanceof JobschedError) return error;
    throw error;
  }
}

/** The key of a request without any valid job counts as well. @throws JobschedError `idempotency_key_reused`. */
async function remember({ app }: ApiRequest, submit: SubmitRequest): Promise<void> {
  if ((await app.store.rememberRequest(submit)) === 'key_reused') throw keyReused(submit.key);
}

function toItem({ job, replayed }: MadeJob): BulkItem {
  return { status: replayed ? 'existing' : 'created', job: toJobView(job, job.updatedAt) };
}

function refused(error: JobschedError, request: ApiRequest): BulkItem {
  return { status: 'refused', problem: toProblem(error, request.requestId) };
}

function chunks(all: readonly Candidate[]): Candidate[][] {
  const count = Math.ceil(all.length / MOST_ITEMS);
  return Array.from({ length: count }, (_, index) => all.slice(index * MOST_ITEMS, (index + 1) * MOST_ITEMS));
}
