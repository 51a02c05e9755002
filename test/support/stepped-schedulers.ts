/**
 * Real schedulers on a store whose clock a test moves. They are told of every move, and nothing goes on before all of
 * them have done what there was to do: so time can pass by the month, a minute at a time.
 */
import { pino } from 'pino';
import { systemClock } from '../../src/clock.ts';
import { Scheduler } from '../../src/scheduler/scheduler.ts';
import type { FireResult, Firing, Tick } from '../../src/store/schedules.ts';
import type { Hint, Store } from '../../src/store/store.ts';

export interface SteppedSchedulers extends AsyncDisposable {
  /** Resolves when each has ticked after this call and found nothing due. */
  settle(): Promise<void>;
}

/** @param count how many race for each slot. */
export async function steppedSchedulers(store: Store, count: number): Promise<SteppedSchedulers> {
  const each = Array.from({ length: count }, () => steppedScheduler(store));
  await Promise.all(each.map(({ scheduler }) => scheduler.start()));
  return {
    settle: async () => {
      await Promise.all(each.map((one) => one.settle()));
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(each.map(({ scheduler }) => scheduler.stop()));
    },
  };
}

function steppedScheduler(store: Store): { readonly scheduler: Scheduler; readonly settle: () => Promise<void> } {
  let ring: (hint: Hint) => void = () => undefined;
  let asked = 0;
  let waiting: { readonly since: number; readonly done: () => void } | null = null;
  const tick = async (limit: number): Promise<Tick> => {
    const number = ++asked;
    const found = await store.tick(limit);
    const idle = found.due.length === 0 && (found.nextAt === null || found.nextAt > found.now);
    if (idle && waiting !== null && number > waiting.since) waiting.done();
    return found;
  };
  const fire = async (firings: readonly Firing[]): Promise<FireResult[]> => {
    const results = await store.fire(firings);
    // Whoever has fired all that was due may sleep, and would not say so.
    ring({ kind: 'schedule' });
    return results;
  };
  const subscribe: Store['subscribe'] = (listener) => {
    ring = listener;
    return () => undefined;
  };
  const stepped = new Proxy(store, {
    get: (target, name) => {
      if (name === 'tick') return tick;
      if (name === 'fire') return fire;
      if (name === 'subscribe') return subscribe;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  const scheduler = new Scheduler({ store: stepped, clock: systemClock, logger: pino({ level: 'silent' }) });
  const settle = async (): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting = { since: asked, done: resolve };
    ring({ kind: 'schedule' });
    await promise;
    waiting = null;
  };
  return { scheduler, settle };
}
