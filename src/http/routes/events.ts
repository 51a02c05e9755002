/** `GET /api/events`: what changes, as it changes. */
import type { JobId } from '../../domain/id.ts';
import type { Change } from '../../store/views.ts';
import { openEvents } from '../events/event-stream.ts';
import { findJob } from '../lookup.ts';
import { eventsQuery } from '../schema/query.ts';
import { route } from './route.ts';
import { fault, refusal } from '../request/validate.ts';
import { z } from 'zod';

export const watchEvents = route({
  method: 'GET',
  path: '/api/events',
  access: 'viewer',
  doc: {
    id: 'watchEvents',
    tag: 'system',
    summary: 'Watch what changes',
    description:
      'Server-sent events. `change`: something was made, changed or removed; its data is `{"kind": "job" | "run" | ' +
      '"worker" | "queue", "id": …}`. `reset`: some changes were forgotten, so look at everything anew. A client that comes back with ' +
      '`Last-Event-ID` is told what it missed. A comment every 15 seconds shows that the connection lives; a client that ' +
      'reads too slowly is disconnected. With `kind` or `job` only what is about these is told.',
    headers: { 'Last-Event-ID': 'The `id` of the last event that was seen. Browsers send it by themselves.' },
    responses: {
      200: {
        description: 'The events, until the client goes.',
        mediaType: 'text/event-stream; charset=utf-8',
        headers: ['X-Accel-Buffering'],
        schema: z.string().describe('See Change for the data of an event.'),
      },
    },
    errors: ['invalid_request', 'not_found', 'ambiguous', 'too_many_requests', 'shutting_down'],
  },
  query: eventsQuery,
  handle: async ({ app, headers, openStream, query: { kind = [], job } }) => {
    const only = job === undefined ? null : (await findJob(app.store, job)).id;
    const lastSeen = readLastSeen(headers['last-event-id']);
    return {
      kind: 'stream',
      headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' },
      admit: () => openStream('events'),
      open: () => openEvents(app, lastSeen, (change) => isAbout(change, kind, only)),
    };
  },
});

function isAbout({ kind, ref }: Change, kinds: readonly Change['kind'][], job: JobId | null): boolean {
  if (kinds.length > 0 && !kinds.includes(kind)) return false;
  return job === null || ref === job || (kind === 'run' && ref.startsWith(`${job}.`));
}

function readLastSeen(header: string | string[] | undefined): number | null {
  if (header === undefined || header === '') return null;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw refusal([fault('Last-Event-ID', 'must be the id of an event')]);
}
