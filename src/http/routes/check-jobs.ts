/** `POST /api/jobs/check`: what would become of jobs, if they were made now. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createSuggest, type Suggest } from '../request/did-you-mean.ts';
import { judgeNewJob, nameTaken } from '../job/make.ts';
import { scheduleContext, type ScheduleContext } from '../job/schedule-spec.ts';
import { toCheckedJob } from '../job/view.ts';
import { toProblem } from '../reply/problem.ts';
import { json } from '../reply/reply.ts';
import { refusal, validate } from '../request/validate.ts';
import { route, type ApiRequest } from './route.ts';
import { bulkBody } from '../schema/job-body.ts';
import { checkResult, type CheckItem, type CheckResult } from '../schema/job-view.ts';
import type { JobschedError } from '../../errors.ts';

/** Others get their turn between so many jobs. */
const JUDGED_AT_ONCE = 20;

export const checkJobs = route({
  method: 'POST',
  path: '/api/jobs/check',
  access: 'viewer',
  doc: {
    id: 'checkJobs',
    tag: 'jobs',
    summary: 'Check jobs, and make none',
    description:
      'Each is judged as if it were to be made now: its fields, its schedule, and whether its name is free. The reply has ' +
      'it as it would be, with all defaults, or what is wrong with it.',
    responses: { 200: { description: 'What would become of each.', schema: checkResult } },
    errors: ['invalid_request', 'shutting_down'],
  },
  body: { schemas: [bulkBody], required: true, bulk: true },
  handle: async (request) => {
    const { jobs } = validate(bulkBody, request.body);
    const context = await scheduleContext(request.app, jobs);
    const checking = { context, suggest: createSuggest(), names: new Set<string>() };
    const results: CheckItem[] = [];
    for (const [place, value] of jobs.entries()) {
      if (place > 0 && place % JUDGED_AT_ONCE === 0) await nextTurn();
      request.requireListener();
      results.push(await check(request, value, place, checking));
    }
    const refused = results.filter(({ status }) => status === 'refused').length;
    return json(200, { valid: results.length - refused, refused, results } satisfies CheckResult);
  },
});

interface Checking {
  readonly context: ScheduleContext;
  readonly suggest: Suggest;
  /** Of the jobs before it in the same request. */
  readonly names: Set<string>;
}

async function check(request: ApiRequest, value: unknown, place: number, checking: Checking): Promise<CheckItem> {
  const { context, suggest, names } = checking;
  const at = `jobs[${place}]`;
  const refused = (error: JobschedError): CheckItem => ({
    status: 'refused',
    problem: toProblem(error, request.requestId),
  });
  const judged = judgeNewJob(value, context, { at, suggest });
  if (!judged.ok) return refused(refusal(judged.faults));
  const { name } = judged.value.definition;
  if (name !== null) {
    if (names.has(name)) return refused(nameTaken(name, null, `${at}.`));
    names.add(name);
    const found = await request.app.store.findJob(name);
    if (found.status === 'found' && found.job.definition.name === name) {
      return refused(nameTaken(name, found.job.id, `${at}.`));
    }
  }
  return { status: 'valid', job: toCheckedJob(judged.value) };
}
