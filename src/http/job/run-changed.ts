/** Runs a job otherwise than it is, once: a job of its own, so that the job itself and its runs say what they always said. */
import { JobschedError } from '../../errors.ts';
import { runId, type JobId } from '../../domain/id.ts';
import type { JobDefinition } from '../../domain/job.ts';
import type { Run } from '../../domain/run.ts';
import type { Store } from '../../store/store.ts';
import { called } from '../audit/deeds.ts';
import { findRun } from '../lookup.ts';
import { newJobId, requestOf } from '../request/idempotency.ts';
import { refusal } from '../request/validate.ts';
import type { ApiRequest } from '../routes/route.ts';
import type { NewJobBody, TriggerBody } from '../schema/job-body.ts';
import { MOST_DESCRIPTION_BYTES } from '../schema/job-fields.ts';
import { judgeNewJob, madeBefore, madeJob, toNewJob, type MadeJob } from './make.ts';
import { toBody } from './view.ts';

export interface Changed {
  /** What it is laid over. */
  readonly definition: JobDefinition;
  readonly changes: NonNullable<TriggerBody['changes']>;
  /** What it is laid over, as people call it. */
  readonly source: string;
  /** What is done to what: the request's key is for that alone. */
  readonly target: string;
}

/** @throws InvalidFields, JobschedError `name_taken`, `idempotency_key_reused`. */
export async function runChanged(
  request: ApiRequest,
  { definition, changes, source, target }: Changed,
): Promise<{ readonly run: Run; readonly replayed: boolean }> {
  const { store, timezone } = request.app;
  const { job, replayed } = await make(
    request,
    { ...onceBodyOf(definition), description: descriptionOf(definition, { source, changes }), ...changes },
    { timezone, target },
  );
  const { run } = await findRun(store, runId(job.id, 1));
  return { run, replayed };
}

async function make(
  request: ApiRequest,
  body: unknown,
  { timezone, target }: { readonly timezone: string; readonly target: string },
): Promise<MadeJob> {
  const { app, deeds } = request;
  const { store } = app;
  const submit = requestOf(request, target);
  const id = newJobId(submit, 0);
  // A once job has no use for the time.
  const judged = judgeNewJob(body, { now: 0, timezone }, { at: 'changes' });
  if (!judged.ok) {
    const before = submit === null ? null : await madeBefore(store, id);
    if (before === null) throw refusal(judged.faults);
    return before;
  }
  const [run, name] = [runId(id, 1), called(judged.value.definition.name)];
  const [result] = await deeds.trying(store.createJobs([toNewJob(judged.value, id)], submit), run, name);
  if (result === undefined) throw new Error('the store answered nothing');
  const made = madeJob(result, judged.value.definition, submit?.key ?? null, 'changes.');
  if (made instanceof JobschedError) throw made;
  if (!made.replayed) deeds.did(run, name);
  return made;
}

/** Without its name, which is taken, and its times. */
function onceBodyOf(definition: JobDefinition): NewJobBody {
  const body = toBody(definition);
  return {
    ...body,
    name: null,
    type: 'once',
    run_at: null,
    schedule: null,
    timezone: null,
    starts_at: null,
    ends_at: null,
    jitter_seconds: null,
    misfire: null,
    misfire_window_seconds: null,
  };
}

/** `Made from nightly#42, with changes. What nightly says of itself`, where there is room for that. */
function descriptionOf(
  { type, description }: JobDefinition,
  { source, changes }: Pick<Changed, 'source' | 'changes'>,
): string {
  const origin = `Made from ${source}${Object.keys(changes).length === 0 ? '' : ', with changes'}.`;
  // Of one that was made so itself, its own origin goes; what people write so of theirs stays.
  const before = type === 'once' ? description.replace(ORIGIN, '') : description;
  const whole = `${origin} ${before}`.trim();
  return Buffer.byteLength(whole) > MOST_DESCRIPTION_BYTES ? origin : whole;
}

const ORIGIN = /^Made from [\w.-]+(?:#\d+(?:, with changes)?|, with changes)\.(?: |$)/;

/** What a job was at a version; as it is now for a run that was never started. @throws JobschedError `not_found`. */
export async function definitionAt(
  store: Pick<Store, 'jobVersions'>,
  job: JobId,
  version: number | undefined,
): Promise<JobDefinition> {
  const versions = await store.jobVersions(job);
  const found = version === undefined ? versions[0] : versions.find((one) => one.version === version);
  if (found !== undefined) return found.definition;
  throw new JobschedError(
    'not_found',
    `version ${version ?? 1} of the job, which the run executed, is not kept any more`,
    {
      hint: 'The last 10 versions are. Run the job as it is now: leave out changes, or give them to POST /api/jobs/…/run.',
    },
  );
}
