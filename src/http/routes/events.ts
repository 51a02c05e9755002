/** `GET /api/events`: what changes, as it changes. */
import { openEvents } from '../events/event-stream.ts';
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
      'reads too slowly is disconnected.',
    headers: { 'Last-Event-ID': 'The `id` of the last event that was seen. Browsers send it by themselves.' },
    responses: {
      200: {
        description: 'The events, until the client goes.',
        mediaType: 'text/event-stream; charset=utf-8',
        headers: ['X-Accel-Buffering'],
        schema: z.string().describe('See Change for the data of an event.'),
      },
    },
    errors: ['invalid_request', 'too_many_requests', 'shutting_down'],
  },
  handle: async ({ app, headers }) => {
    const lastSeen = readLastSeen(headers['last-event-id']);
    return {
      kind: 'stream',
      headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' },
      admit: () => app.streams.open('events'),
      open: () => openEvents(app, lastSeen),
    };
  },
});

function readLastSeen(header: string | string[] | undefined): number | null {
  if (header === undefined || header === '') return null;
  if (typeof header === 'string' && /^\d{1,15}$/.test(header)) return Number(header);
  throw refusal([fault('Last-Event-ID', 'must be the id of an event')]);
}
