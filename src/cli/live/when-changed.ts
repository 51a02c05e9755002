/** When it is time to look again: whenever the server says that something changed, and every few seconds, since times pass. */
import { setTimeout } from 'node:timers/promises';
import type { Session } from '../session.ts';
import { SECOND, type Millis } from '../../domain/instant.ts';

export interface WhenChanged {
  /** Something else says that it is time. */
  readonly mark: () => void;
  /** Resolves when it is time to look again, or the signal ends it. */
  readonly next: () => Promise<void>;
}

/** Between two looks at least, and at most. */
const SOON: Millis = 250;
const LATE: Millis = 2 * SECOND;

/** The server's events, gathered: many at once are one look. A server that is back is one, too. */
export function whenChanged({ client }: Session, signal: AbortSignal): WhenChanged {
  let isDirty = false;
  let wake: (() => void) | null = null;
  const mark = (): void => {
    isDirty = true;
    wake?.();
  };
  signal.addEventListener('abort', mark);
  void (async () => {
    try {
      for await (const _event of client.events({ signal })) mark();
    } catch {
      // A server without events, or that is away: then only the clock says when to look, and the look what is wrong.
    }
  })();
  return {
    mark,
    next: async () => {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      if (!isDirty) await Promise.race([woken, pause(LATE, signal)]);
      if (!signal.aborted) await pause(SOON, signal);
      wake = null;
      isDirty = false;
    },
  };
}

async function pause(length: Millis, signal: AbortSignal): Promise<void> {
  await setTimeout(length, undefined, { signal }).catch(() => undefined);
}
