/** The responses that stay open: so many of each kind at most, and all of them ended by a stop. */
import { JobschedError } from '../../errors.ts';

export type StreamKind = 'events' | 'output';

export interface OpenStream {
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  /** Once, or more often. */
  close(): void;
}

export interface OpenStreams {
  /** @throws JobschedError `too_many_requests`, `shutting_down`. */
  open(kind: StreamKind): OpenStream;
  /** Ends all, for good. */
  stop(): void;
  /** Whether the server stops. */
  readonly stopped: boolean;
}

/** @param most of each kind: followed output leaves room for the page's events. */
export function createOpenStreams(most: number): OpenStreams {
  const stop = new AbortController();
  const open: Record<StreamKind, number> = { events: 0, output: 0 };
  return {
    open: (kind) => {
      if (stop.signal.aborted) throw new JobschedError('shutting_down', 'the server is stopping');
      if (open[kind] >= most) throw tooMany(kind, most);
      open[kind] += 1;
      let closed = false;
      return {
        stopping: stop.signal,
        close: () => {
          if (!closed) open[kind] -= 1;
          closed = true;
        },
      };
    },
    stop: () => stop.abort(),
    get stopped() {
      return stop.signal.aborted;
    },
  };
}

function tooMany(kind: StreamKind, most: number): JobschedError {
  return new JobschedError('too_many_requests', `${most} streams of ${kind} are open, and no more at a time`, {
    hint: 'Close pages that you do not look at.',
  });
}
