/**
 * Server-sent events for one client.
 *
 *   opened ──written──► catching up ──nothing left to read──► live ──the client goes, reads too slowly, or the server stops──► ended
 *
 * A client that says with `Last-Event-ID` what it saw last is told from the store what it missed; what the feed tells
 * meanwhile is read from there as well. Live, it is told what the feed tells.
 */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Change, Changes, ChangeId } from '../../store/views.ts';
import type { App } from '../app.ts';
import type { StreamBody } from '../reply/reply.ts';
import type { ChangeEvent } from '../schema/system.ts';

/** How long a browser waits before it comes back. */
const RETRY_MS = 2_000;

/** @throws JobschedError when the store cannot tell where the changes stand. */
export async function openEvents(
  app: App,
  lastSeen: ChangeId | null,
  isWanted: (change: Change) => boolean = () => true,
): Promise<StreamBody> {
  const client = new EventClient(app, isWanted);
  const watch = await app.changes.watch((batch) => client.hear(batch));
  return {
    write: async (response, gone) => {
      client.attach(response);
      const heartbeat = setInterval(() => client.write(':\n\n'), app.limits.eventHeartbeatMs);
      try {
        await client.catchUp(lastSeen, watch.position);
        if (!gone.aborted) await once(gone, 'abort');
      } finally {
        clearInterval(heartbeat);
        response.end();
      }
    },
    close: () => watch.end(),
  };
}

class EventClient {
  readonly #app: App;
  readonly #isWanted: (change: Change) => boolean;
  #response: ServerResponse | null = null;
  #position: ChangeId = 0;
  #live = false;
  /** Whether the feed told something while the client was catching up. */
  #missed = false;

  constructor(app: App, isWanted: (change: Change) => boolean) {
    this.#app = app;
    this.#isWanted = isWanted;
  }

  /** What is written from now on goes there. */
  attach(response: ServerResponse): void {
    this.#response = response;
  }

  async catchUp(lastSeen: ChangeId | null, position: ChangeId): Promise<void> {
    // An id that is still to come was another installation's, or of one that was set back.
    const unknown = lastSeen !== null && lastSeen > position;
    this.#position = unknown || lastSeen === null ? position : lastSeen;
    this.write(`retry: ${RETRY_MS}\nid: ${this.#position}\n\n`);
    if (unknown) this.#reset(this.#position);
    let more = true;
    while (more && this.#response?.destroyed === false) {
      this.#missed = false;
      const batch = await this.#app.store.changes(this.#position);
      this.#tell(batch);
      more = batch.changes.length > 0 || this.#missed;
    }
    this.#live = true;
  }

  hear(batch: Changes): void {
    if (this.#live) this.#tell(batch);
    else this.#missed = true;
  }

  write(text: string): void {
    const response = this.#response;
    if (response === null || response.destroyed || response.writableEnded) return;
    response.write(text);
    // It comes back with Last-Event-ID, and reads what it missed at its own pace.
    if (response.writableLength > this.#app.limits.eventBufferBytes) response.destroy();
  }

  #tell(batch: Changes): void {
    if (batch.gap) this.#reset(batch.next);
    const fresh = batch.changes.filter((change) => change.id > this.#position && this.#isWanted(change));
    this.#position = Math.max(this.#position, batch.next);
    if (fresh.length === 0) return;
    this.write(
      fresh
        .map(
          ({ id, kind, ref }) =>
            `id: ${id}\nevent: change\ndata: ${JSON.stringify({ kind, id: ref } satisfies ChangeEvent)}\n\n`,
        )
        .join(''),
    );
  }

  #reset(id: ChangeId): void {
    this.write(`id: ${id}\nevent: reset\ndata: {}\n\n`);
  }
}
