/** A store whose link fails as a test wants it: calls that never arrive, and replies that are lost. */
import { JobschedError } from '../../src/errors.ts';
import type { Store } from '../../src/store/store.ts';

type Method = Exclude<keyof Store, 'capabilities'>;
/** `arrives`: the call is carried out and its reply is lost. `held`: it comes when the gate opens. */
interface Fault {
  readonly kind: 'refused' | 'arrives' | 'held';
  readonly error: Error;
  readonly gate?: Promise<void>;
  left: number;
}

export interface FaultyStore {
  /** Behaves as the real one but for the faults. */
  readonly store: Store;
  /** How often the method was called. */
  calls(method: Method): number;
  /** The next `times` calls throw and do nothing. */
  refuse(method: Method, error?: Error, times?: number): void;
  /** The next `times` calls are carried out, and then throw. */
  loseReply(method: Method, times?: number): void;
  /** The next call is carried out, and its reply held back until the returned function is called. */
  holdReply(method: Method): () => void;
  /** The method works again. */
  heal(...methods: readonly Method[]): void;
  /** Whether it says that other processes can have the store open as well. */
  shared: boolean;
  /** Resolves when the method is called for the next time, whatever becomes of the call. */
  nextCall(method: Method): Promise<void>;
}

export const AWAY = new JobschedError('engine_unavailable', 'The store is away, as the test wants it.');
export const FULL = new JobschedError('engine_full', 'The store is full, as the test wants it.');

export function faultyStore(real: Store): FaultyStore {
  const faults = new Map<Method, Fault>();
  const counts = new Map<Method, number>();
  const waiting = new Map<Method, (() => void)[]>();

  const call = async (method: Method, args: readonly unknown[]): Promise<unknown> => {
    counts.set(method, (counts.get(method) ?? 0) + 1);
    for (const wake of waiting.get(method)?.splice(0) ?? []) wake();
    const fault = faults.get(method);
    if (!fault || fault.left <= 0) return Reflect.apply(real[method], real, args);
    fault.left -= 1;
    if (fault.kind === 'held') {
      const reply: unknown = await Reflect.apply(real[method], real, args);
      await fault.gate;
      return reply;
    }
    if (fault.kind === 'arrives') await Reflect.apply(real[method], real, args);
    throw fault.error;
  };

  const store = new Proxy(real, {
    get: (target, name: keyof Store) => {
      if (name === 'capabilities') return { ...target.capabilities, exclusive: !faulty.shared };
      if (name === 'subscribe') return target.subscribe.bind(target);
      return (...args: unknown[]) => call(name, args);
    },
  });

  const faulty: FaultyStore = {
    shared: false,
    store,
    calls: (method) => counts.get(method) ?? 0,
    refuse: (method, error = AWAY, times = Infinity) =>
      void faults.set(method, { kind: 'refused', error, left: times }),
    loseReply: (method, times = 1) => void faults.set(method, { kind: 'arrives', error: AWAY, left: times }),
    holdReply: (method) => {
      const { promise: gate, resolve } = Promise.withResolvers<void>();
      faults.set(method, { kind: 'held', error: AWAY, gate, left: 1 });
      return resolve;
    },
    heal: (...methods) => {
      for (const method of methods) faults.delete(method);
    },
    nextCall: (method) =>
      new Promise((resolve) => {
        waiting.set(method, [...(waiting.get(method) ?? []), resolve]);
      }),
  };
  return faulty;
}
