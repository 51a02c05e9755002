/** The bulk half of `POST /api/jobs`: each job succeeds or fails for itself, and is answered in its place. */
import { JobschedError } from '../../errors.ts';
import type { JobDefinition } from '../../domain/job.ts';
import type { CreateJobResult, NewJob } from '../../store/jobs.ts';
import { MOST_ITEMS } from '../../store/store.ts';
import { fingerprint, idempotencyKey, keyReused, placedKey } from '../idempotency.ts';
import { toJobView } from '../job-json.ts';
import { toProblem } from '../problem.ts';
import { json, type Reply } from '../reply.ts';
import type { ApiRequest } from '../route.ts';
import { bulkBody } from '../schema/job-body.ts';
import type { BulkItem, BulkResult } from '../schema/job-view.ts';
import { refusal, validate } from '../validate.ts';
import { judgeNewJob, madeJob, toNewJob } from '../job-making.ts';

/** A job that can be made, and where it stands in the request. */
interface Candidate {
  readonly place: number;
  readonly definition: JobDefinition;
  readonly job: NewJob;
}

export async function createMany(request: ApiRequest): Promise<Reply> {
  const key = idempotencyKey(request.headers['idempotency-key']);
  const { jobs } = validate(bulkBody, request.body);
  const items: BulkItem[] = [];
  const candidates = jobs.flatMap((value, place) => judgePlace(request, value, place, key, items));
  const rest = key === null ? candidates : await createFirst(request, key, candidates, items);
  await Promise.all(chunks(rest).map((chunk) => createChunk(request, chunk, key, items)));
  const refused = items.filter((item) => item.status === 'refused').length;
  return json(200, { created: items.length - refused, refused, results: items } satisfies BulkResult);
}

/** Answers at once for a job that is not valid. */
function judgePlace(
  request: ApiRequest,
  value: unknown,
  place: number,
  key: string | null,
  items: BulkItem[],
): Candidate[] {
  const { app, bodyBytes } = request;
  const now = app.clock.now();
  const judged = judgeNewJob(value, { now, timezone: app.timezone }, `jobs[${place}]`);
  if (!judged.ok) {
    items[place] = refused(refusal(judged.faults), request);
    return [];
  }
  const idempotency =
    key === null || bodyBytes === null ? null : { key: placedKey(key, place), fingerprint: fingerprint(bodyBytes) };
  return [{ place, definition: judged.value.definition, job: toNewJob(judged.value, idempotency) }];
}

/**
 * The first job tells whether the key was used for another request, before anything of this one is made. It carries the
 * key itself, so that a single job and a bulk request cannot share one.
 */
async function createFirst(
  request: ApiRequest,
  key: string,
  candidates: readonly Candidate[],
  items: BulkItem[],
): Promise<readonly Candidate[]> {
  const [first, ...rest] = candidates;
  if (first === undefined) return [];
  const idempotency = first.job.idempotency && { ...first.job.idempotency, key };
  const [result] = await request.app.store.createJobs([{ ...first.job, idempotency }]);
  if (result?.status === 'key_reused') throw keyReused(key);
  if (result !== undefined) items[first.place] = toItem(request, first, result, key);
  return rest;
}

async function createChunk(
  request: ApiRequest,
  chunk: readonly Candidate[],
  key: string | null,
  items: BulkItem[],
): Promise<void> {
  try {
    const results = await request.app.store.createJobs(chunk.map((candidate) => candidate.job));
    for (const [index, candidate] of chunk.entries()) {
      const result = results[index];
      if (result !== undefined) items[candidate.place] = toItem(request, candidate, result, key);
    }
  } catch (error) {
    // A full disk refuses one part of a request and not the part before it: what was made is told as made.
    if (!(error instanceof JobschedError)) throw error;
    for (const { place } of chunk) items[place] = refused(error, request);
  }
}

function toItem(request: ApiRequest, candidate: Candidate, result: CreateJobResult, key: string | null): BulkItem {
  const made = madeJob(result, candidate.definition, key, `jobs[${candidate.place}].`);
  if (made instanceof JobschedError) return refused(made, request);
  return { status: made.replayed ? 'existing' : 'created', job: toJobView(made.job) };
}

function refused(error: JobschedError, request: ApiRequest): BulkItem {
  return { status: 'refused', problem: toProblem(error, request.requestId) };
}

function chunks(all: readonly Candidate[]): Candidate[][] {
  const count = Math.ceil(all.length / MOST_ITEMS);
  return Array.from({ length: count }, (_, index) => all.slice(index * MOST_ITEMS, (index + 1) * MOST_ITEMS));
}
