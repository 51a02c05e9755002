/** `GET /api/audit`: who changed what. */
import { HOUR, type Instant } from '../../domain/instant.ts';
import type { AuditEntry } from '../../store/audit.ts';
import type { Store } from '../../store/store.ts';
import { fromWireTimeOrNull, toWireTime } from '../reply/wire-time.ts';
import { json } from '../reply/reply.ts';
import { auditList, auditQuery, type AuditEntryView, type AuditList } from '../schema/access.ts';
import { DEFAULT_LIMIT } from './jobs.ts';
import { route } from './route.ts';

export const listAudit = route({
  method: 'GET',
  path: '/api/audit',
  access: 'admin',
  doc: {
    id: 'listAudit',
    tag: 'access',
    summary: 'Who changed what, newest first',
    description:
      'Every change of a job, run, queue, worker or key, and every login and logout. What one request did to many is one entry for ' +
      'each 100 of them. The entries of the last 100,000 things in a year are kept; the log of the server has all of them, ' +
      'a line of JSON each.',
    responses: { 200: { description: 'A page of it.', schema: auditList } },
    errors: ['invalid_request'],
  },
  query: auditQuery,
  handle: async ({ app, query }) => {
    const { limit = DEFAULT_LIMIT, cursor = null, job, since, until, ...same } = query;
    // What was done before this was asked is in it.
    await app.audit.flush();
    const { target, begun } = await about(app.store, job);
    const filter = {
      ...same,
      target,
      since: Math.max(fromWireTimeOrNull(since) ?? 0, begun),
      until: fromWireTimeOrNull(until) ?? undefined,
    };
    const page = await app.store.listAudit(filter, limit, cursor);
    return json(200, { entries: page.rows.map(toEntryView), next_cursor: page.next } satisfies AuditList);
  },
});

/** How far the times of entries may lie behind those of jobs: the clock stepped back. */
const SLACK = HOUR;

/** What is said of a job is not looked for among what was said before there was one. Of one that has gone only the id is known. */
async function about(
  store: Store,
  ref: string | undefined,
): Promise<{ readonly target: string | undefined; readonly begun: Instant }> {
  const found = ref === undefined ? null : await store.findJob(ref);
  if (found?.status !== 'found') return { target: ref, begun: 0 };
  return { target: found.job.id, begun: found.job.createdAt - SLACK };
}

function toEntryView({ time, keyId, targets, detail, ...same }: AuditEntry): AuditEntryView {
  return {
    ...same,
    time: toWireTime(time),
    key_id: keyId,
    targets: targets.map(({ id, detail: more }) => ({ id, detail: { ...more } })),
    detail: { ...detail },
  };
}
