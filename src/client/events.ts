/** What changed, as it changes: `GET /api/events` (server-sent events), taken up again after every break. */
import { mayReturn } from './connection-problem.ts';
import { lines } from './lines.ts';
import { withQuery } from './path.ts';
import type { Transport } from './transport.ts';
import { SECOND, type Millis } from '../domain/instant.ts';
import type { ChangeEvent } from '../http/schema/system.ts';

export type ServerEvent =
  /** The stream stands, for the first time or anew: what changes from here on is told, so this is the time to look. */
  | { readonly event: 'open' }
  | ({ readonly event: 'change' } & ChangeEvent)
  /** Some changes were forgotten: look at everything anew. */
  | { readonly event: 'reset' };

export interface EventOptions {
  /** Only of these kinds. */
  readonly kind?: readonly ChangeEvent['kind'][];
  /** Only of this job and its runs. */
  readonly job?: string;
  /** Ends the iteration, without an error. */
  readonly signal?: AbortSignal;
}

interface Message {
  readonly id: string | null;
  readonly event: string;
  /** Null for a message that only says how far the stream has come. */
  readonly data: string | null;
}

/** The server sends a comment every 15 s; three missed ones mean that nobody is there. */
const SILENCE: Millis = 45 * SECOND;
const AGAIN: readonly Millis[] = [50, 250, 1_000, 2_000, 4_000];

/**
 * Goes on until the signal ends it or the client is closed: a server that is away is asked again every few seconds, once it
 * has answered at all.
 */
export async function* watchEvents(transport: Transport, options: EventOptions = {}): AsyncGenerator<ServerEvent> {
  const { signal, kind, job } = options;
  let lastId: string | null = null;
  let answered = false;
  let failures = 0;
  for (;;) {
    try {
      if (failures > 0) await transport.pause(AGAIN[Math.min(failures, AGAIN.length) - 1] ?? 0, signal);
      const headers = { accept: 'text/event-stream', ...(lastId !== null && { 'last-event-id': lastId }) };
      const { body } = await transport.stream(
        { method: 'GET', path: withQuery('/api/events', { kind, job }), headers, signal },
        SILENCE,
      );
      answered = true;
      failures = 0;
      yield { event: 'open' };
      for await (const message of messages(lines(body))) {
        lastId = message.id ?? lastId;
        const event = toEvent(message);
        if (event) yield event;
      }
    } catch (error) {
      if (signal?.aborted === true) return;
      if (!answered || !mayReturn(error)) throw error;
    }
    failures += 1;
  }
}

/** Blocks of `field: value` lines; a blank line ends one. Comments and unknown fields are passed over. */
export async function* messages(text: AsyncIterable<string>): AsyncGenerator<Message> {
  let fields = new Map<string, string>();
  for await (const line of text) {
    const [, name, value = ''] = /^([^:]+)(?:: ?(.*))?$/.exec(line) ?? [];
    if (name !== undefined) {
      const before = name === 'data' ? fields.get(name) : undefined;
      fields.set(name, before === undefined ? value : `${before}\n${value}`);
    } else if (line === '') {
      const [id = null, event = 'message', data = null] = ['id', 'event', 'data'].map((each) => fields.get(each));
      if (id !== null || data !== null) yield { id, event, data };
      fields = new Map();
    }
  }
}

function toEvent(message: Message): ServerEvent | null {
  if (message.event === 'reset') return { event: 'reset' };
  if (message.event !== 'change' || message.data === null) return null;
  return { event: 'change', ...(JSON.parse(message.data) as ChangeEvent) };
}
