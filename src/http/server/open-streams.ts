/**
 * The responses that stay open: so many of each kind at most, not all of them for one key or one address, and all ended by
 * a stop.
 */
import { JobschedError } from '../../errors.ts';
import type { OpenStream, StreamKind } from '../reply/reply.ts';
import { createTally, type Tally } from './tally.ts';

export interface OpenStreams {
  /** @param holders for whom it is: a key, an address. @throws JobschedError `too_many_requests`, `shutting_down`. */
  open(kind: StreamKind, holders: readonly string[]): OpenStream;
  /** Ends all, for good. */
  stop(): void;
  /** Whether the server stops. */
  readonly stopped: boolean;
}

export interface StreamLimits {
  /** Of each kind: followed output leaves room for the page's events. */
  readonly most: number;
  /** Of each kind, for each holder. */
  readonly mostOfOne: number;
}

export function createOpenStreams({ most, mostOfOne }: StreamLimits): OpenStreams {
  const stop = new AbortController();
  const open: Readonly<Record<StreamKind, Tally>> = { events: createTally(), output: createTally() };
  return {
    open: (kind, holders) => {
      if (stop.signal.aborted) throw new JobschedError('shutting_down', 'the server is stopping');
      const tally = open[kind];
      if (tally.of(ALL) >= most) throw tooMany(`${most} streams of ${kind} are open`);
      if (holders.some((holder) => tally.of(holder) >= mostOfOne)) {
        throw tooMany(`${mostOfOne} streams of ${kind} are open for one key or address`);
      }
      const counted = [ALL, ...holders];
      for (const each of counted) tally.add(each, 1);
      let closed = false;
      return {
        stopping: stop.signal,
        close: () => {
          if (closed) return;
          closed = true;
          for (const each of counted) tally.add(each, -1);
        },
      };
    },
    stop: () => stop.abort(),
    get stopped() {
      return stop.signal.aborted;
    },
  };
}

/** No holder has that name: not even a socket that is gone, whose address is empty. */
const ALL = '*';

function tooMany(what: string): JobschedError {
  return new JobschedError('too_many_requests', `${what}, and no more at a time`, {
    hint: 'Close pages that you do not look at.',
  });
}
