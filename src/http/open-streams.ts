/** The responses that stay open: so many at most, and all of them ended by a stop. */
import { JobschedError } from '../errors.ts';

export interface OpenStream {
  /** Aborted when the server stops. */
  readonly stopping: AbortSignal;
  close(): void;
}

export interface OpenStreams {
  /** @throws JobschedError `too_many_requests`, `shutting_down`. */
  open(): OpenStream;
  /** Ends all, for good. */
  stop(): void;
}

export function createOpenStreams(most: number): OpenStreams {
  const stop = new AbortController();
  let open = 0;
  return {
    open: () => {
      if (stop.signal.aborted) throw new JobschedError('shutting_down', 'the server is stopping');
      if (open >= most) {
        throw new JobschedError('too_many_requests', `${most} streams are open, and no more are served at a time`, {
          hint: 'Close pages that you do not look at.',
        });
      }
      open += 1;
      let closed = false;
      return {
        stopping: stop.signal,
        close: () => {
          if (!closed) open -= 1;
          closed = true;
        },
      };
    },
    stop: () => stop.abort(),
  };
}
