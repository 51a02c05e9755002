/** A real engine under the simulation: a real store, on the simulated clock, that answers one call after the other. */
import { randomUUID } from 'node:crypto';
import type { Millis } from '../../src/domain/instant.ts';
import type { Hint, Store } from '../../src/store/store.ts';
import { temporaryFolder } from '../support/folder.ts';
import { sharedRedis } from '../support/redis.ts';
import type { Product } from './product.ts';
import { outside, settled, type SimulatedProcess } from './simulated-process.ts';

export type EngineName = 'sqlite' | 'redis';
export const ENGINE_NAMES = ['sqlite', 'redis'] as const satisfies readonly EngineName[];

export type Method = Exclude<keyof Store, 'capabilities' | 'subscribe' | 'waitForWork' | 'close'>;

export interface Engine {
  /** Carries the call out. Resolves, at a moment that the seed alone decides, to what the store answered. */
  call(method: Method, args: readonly unknown[]): Promise<unknown>;
  /** Takes what the store tells its listeners. */
  subscribe(listener: (hint: Hint) => void): void;
  /** What {@link Store.waitForWork} does. Rejects when the engine does not answer. */
  waitForWork(queues: readonly string[], signal: AbortSignal): Promise<void>;
  /** Whether nothing is under way of which the simulated time knows nothing. */
  idle(): boolean;
  /** Resolves when what is under way has come to its end, with all that follows from it at once. */
  rest(): Promise<void>;
  close(): Promise<void>;
}

const LONGEST_WAIT: Millis = 5_000;

export type Report = (fault: unknown) => void;

/**
 * @param host whose clock is the engine's, and in which the code of an engine runs that has no process of its own.
 * @param report takes what the store tells of itself and no caller.
 */
export function openEngine(
  name: EngineName,
  product: Product,
  host: SimulatedProcess,
  report: Report,
): Promise<Engine> {
  return name === 'sqlite' ? openSqlite(product, host, report) : openRedis(product, host, report);
}

async function openSqlite({ openStore }: Product, host: SimulatedProcess, report: Report): Promise<Engine> {
  const folder = await temporaryFolder();
  const file = `${folder.path}/jobsched.db`;
  const store = await openStore({ kind: 'sqlite', file, clock: host.clock, report });
  return {
    call: (method, args) => host.run(() => callStore(store, method, args)),
    subscribe: (listener) => void store.subscribe(listener),
    waitForWork: (queues, signal) => host.run(() => store.waitForWork(queues, signal)),
    idle: () => true,
    rest: settled,
    close: async () => {
      await outside(() => store.close());
      await folder.remove();
    },
  };
}

/** Waits for work block on sockets, whose time is real: here they are made of what the store tells and knows. */
async function openRedis(
  { openStore, redisAddress }: Product,
  host: SimulatedProcess,
  report: Report,
): Promise<Engine> {
  const { url } = await sharedRedis();
  const store = await outside(() =>
    openStore({ kind: 'redis', address: redisAddress(url), prefix: randomUUID(), clock: host.clock, report }),
  );
  const underWay = new Set<Promise<unknown>>();
  const ask = async <T>(call: () => Promise<T>): Promise<T> => {
    const answer = outside(call);
    underWay.add(answer);
    try {
      return await answer;
    } finally {
      underWay.delete(answer);
    }
  };
  const waiters = new Set<(queue: string) => void>();
  store.subscribe((hint) => {
    if (hint.kind === 'work') for (const wake of waiters) wake(hint.queue);
  });
  return {
    call: (method, args) => ask(() => callStore(store, method, args)),
    subscribe: (listener) => void store.subscribe(listener),
    waitForWork: async (queues, signal) => {
      const known = await ask(() => store.queues());
      const isOpen = ({ name, queued, paused }: (typeof known)[number]): boolean =>
        queued > 0 && !paused && queues.includes(name);
      if (known.some(isOpen) || signal.aborted) return;
      await new Promise<void>((resolve) => {
        const wake = (queue: string): void => {
          if (queues.includes(queue)) end();
        };
        const timer = host.after(LONGEST_WAIT, () => end());
        const end = (): void => {
          timer.cancelled = true;
          waiters.delete(wake);
          signal.removeEventListener('abort', end);
          resolve();
        };
        waiters.add(wake);
        signal.addEventListener('abort', end);
      });
    },
    idle: () => underWay.size === 0,
    rest: async () => {
      await Promise.allSettled(underWay);
      await settled();
    },
    close: () => outside(() => store.close()),
  };
}

function callStore(store: Store, method: Method, args: readonly unknown[]): Promise<unknown> {
  return Reflect.apply(store[method], store, args) as Promise<unknown>;
}
