/** `PATCH /api/jobs/:ref`: edits a job. */
import { isDeepStrictEqual } from 'node:util';
import type { Instant } from '../../domain/instant.ts';
import { JobschedError } from '../../errors.ts';
import { withUnknown } from '../../domain/definition-json.ts';
import type { Job, JobDefinition } from '../../domain/job.ts';
import { called } from '../audit/deeds.ts';
import { toBody, toJobView } from '../job/view.ts';
import { judgeJob, nextSlot, sameSlots } from '../job/judge.ts';
import { findJob, noJob } from '../lookup.ts';
import { json, type Reply } from '../reply/reply.ts';
import { route, type ApiRequest } from './route.ts';
import { patchBody, type PatchBody } from '../schema/job-body.ts';
import { jobView } from '../schema/job-view.ts';
import { fault, refusal, validate, type Fault } from '../request/validate.ts';
import { jobHeaders } from '../job/make.ts';
import { matches } from '../request/if-match.ts';

/** Edits that meet each other are made one after the other; more of them at once than this is no editing. */
const TRIES = 10;

export const updateJob = route({
  method: 'PATCH',
  path: '/api/jobs/:ref',
  access: 'operator',
  action: 'job.update',
  doc: {
    id: 'updateJob',
    tag: 'jobs',
    summary: 'Edit a job',
    description:
      'A JSON merge patch: fields that are left out stay, null goes back to the default. Runs that exist go on; their next ' +
      'attempt uses the new version. An edit that changes nothing makes none. With `If-Match` the job is edited only if it ' +
      'is still at that version.',
    headers: { 'If-Match': 'The `ETag` of the job that is to be edited: its version in quotes, such as `"3"`.' },
    responses: { 200: { description: 'The job as it is now.', schema: jobView, headers: ['ETag'] } },
    errors: ['invalid_request', 'invalid_schedule', 'not_supported_yet', 'not_found', 'ambiguous', 'version_conflict'],
  },
  body: { schemas: [patchBody], required: true },
  handle: async (request) => {
    const patch = validate(patchBody, request.body);
    for (let tries = 0; tries < TRIES; tries += 1) {
      const reply = await tryUpdate(request, patch);
      if (reply !== null) return reply;
    }
    throw new JobschedError('version_conflict', 'the job is edited by others all the time', { hint: 'Try again.' });
  },
});

/** @returns null when the job was edited, or its next slot came, meanwhile. */
async function tryUpdate({ app, params, headers, deeds }: ApiRequest, patch: PatchBody): Promise<Reply | null> {
  const job = await findJob(app.store, params['ref']);
  const ifMatch = headers['if-match'] ?? null;
  if (!matches(ifMatch, job.version)) throw conflict(job.version);
  const now = await app.store.now();
  const definition = patched(job, patch, { now, timezone: app.timezone });
  if (isDeepStrictEqual(definition, job.definition)) return edited(job, now);
  const slot = sameSlots(job.definition, definition) ? 'keep' : nextSlot(definition, Math.max(now, job.lastSlot ?? 0));
  const detail = { ...called(job.definition.name), fields: Object.keys(patch).join(', ') };
  const update = { job: job.id, ifVersion: job.version, definition, nextSlot: slot } as const;
  const result = await deeds.trying(app.store.updateJob(update), job.id, detail);
  switch (result.status) {
    case 'updated':
      deeds.did(job.id, { ...detail, version: result.job.version });
      return edited(result.job, result.job.updatedAt);
    case 'not_found':
      throw noJob(params['ref'] ?? '');
    case 'conflict':
    case 'stale':
      return null;
  }
}

const edited = (job: Job, now: Instant): Reply =>
  json(200, toJobView(job, now), { ETag: jobHeaders(job)['ETag'] ?? '' });

/** The edited job is judged as a new one would be. */
function patched(
  job: Job,
  patch: PatchBody,
  context: { readonly now: number; readonly timezone: string },
): JobDefinition {
  const fixed = fixedFaults(job.definition, patch);
  const judged = judgeJob({ ...toBody(job.definition), ...patch }, context);
  // A schedule that a once job was given is told as such, not as a quarrel with the type that it has.
  const judgedFaults = judged.ok
    ? []
    : judged.faults.filter(({ field }) => !becomesCron(job.definition, patch) || field !== 'type');
  if (!judged.ok || fixed.length > 0) throw refusal([...fixed, ...judgedFaults]);
  return withUnknown(withAnchor(judged.value, job.definition), job.definition);
}

function fixedFaults(definition: JobDefinition, patch: PatchBody): Fault[] {
  const faults: Fault[] = [];
  if (patch.name !== undefined && patch.name !== definition.name) {
    faults.push(fault('name', 'never changes', 'Make another job.'));
  }
  if (patch.type != null && patch.type !== definition.type) {
    faults.push(fault('type', 'never changes', 'Make another job.'));
  } else if (becomesCron(definition, patch)) {
    faults.push(
      fault(
        'schedule',
        'is only for cron jobs, and this one runs once',
        'Submit it anew with the schedule, and delete this one.',
      ),
    );
  }
  return faults;
}

const becomesCron = ({ type }: JobDefinition, { schedule }: PatchBody): boolean =>
  type === 'once' && (schedule ?? '').trim() !== '';

/** `@every` goes on counting from where it did, unless the schedule itself is another. */
function withAnchor(edited: JobDefinition, before: JobDefinition): JobDefinition {
  if (edited.type === 'once' || before.type === 'once') return edited;
  const same = edited.schedule === before.schedule && edited.startsAt === before.startsAt;
  return same ? { ...edited, anchor: before.anchor } : edited;
}

function conflict(version: number): JobschedError {
  return new JobschedError('version_conflict', `the job is at version ${version}, which If-Match does not name`, {
    field: 'If-Match',
    hint: 'Read the job again, and decide anew.',
  });
}
