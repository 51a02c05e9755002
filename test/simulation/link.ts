/**
 * The way from one process to the engine, and all that can go wrong on it: a store that fails as the seed says.
 *
 *   call ──way there──► carried out ──way back──► answered
 *           └──lost        └──late, after its caller gave up   └──lost
 *
 * A caller whose call is not answered is told so at some moment within {@link PATIENCE}, and never learns whether it was
 * carried out. Calls of one process can overtake each other, as they do when the store repeats them.
 */
import type { Millis } from '../../src/domain/instant.ts';
import type { Hint, Store } from '../../src/store/store.ts';
import type { Chance } from './chance.ts';
import type { Engine, Method } from './engine.ts';
import type { Product } from './product.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { Timeline } from './timeline.ts';

/** A store on Redis says within this time that it does not answer. */
const PATIENCE: Millis = 4_000;
/** How late a call can be carried out of which its caller knows no more. */
const LATEST: Millis = 30_000;

/** How it stands with the way, now. Changed by the faults. */
export interface Way {
  /** What is sent does not arrive. */
  cutThere: boolean;
  /** What is answered does not arrive, and no hints do. */
  cutBack: boolean;
  /** The probability that any one of the faults above hits a call. */
  faults: number;
  /** The mean of how long each way takes, in milliseconds. */
  latency: Millis;
}

/** What can become of one call, and of a hint. */
export type CallFault = 'call refused' | 'call lost' | 'call late' | 'answer lost' | 'hint lost';

/** What the engine was asked and what it said, as an observer at the engine sees it. */
export interface Exchange {
  readonly at: Millis;
  readonly from: SimulatedProcess;
  readonly method: Method;
  readonly args: readonly unknown[];
  readonly answer: unknown;
}

export interface LinkOptions {
  readonly engine: Engine;
  readonly product: Product;
  readonly process: SimulatedProcess;
  readonly timeline: Timeline;
  readonly way: Way;
  /** The engine has carried a call out. */
  readonly observe: (exchange: Exchange) => void;
  /** A call was hit by a fault. */
  readonly count: (fault: CallFault) => void;
  /** The caller asks. Whether that arrives is another matter. */
  readonly asks: (exchange: Pick<Exchange, 'method' | 'args'>) => void;
  /** The caller has the answer. */
  readonly told: (exchange: Pick<Exchange, 'method' | 'args'>) => void;
  readonly hints: Set<(hint: Hint) => void>;
}

export class Link {
  readonly #options: LinkOptions;
  readonly #chance: Chance;

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#chance = options.process.chance.fork();
  }

  /** The store as the process sees it: one that others have open as well. */
  store(): Store {
    const capabilities = { exclusive: false, location: 'the simulation' };
    return new Proxy({} as Store, {
      get: (_target, name: keyof Store) => {
        if (name === 'capabilities') return capabilities;
        if (name === 'subscribe') return (listener: (hint: Hint) => void) => this.#subscribe(listener);
        if (name === 'waitForWork') return (queues: string[], signal: AbortSignal) => this.#wait(queues, signal);
        return (...args: unknown[]) => this.#call(name as Method, args);
      },
    });
  }

  #subscribe(listener: (hint: Hint) => void): () => void {
    const { process, timeline, way, hints, count } = this.#options;
    const own = (hint: Hint): void => {
      if (way.cutBack || this.#chance.happens(way.faults)) return count('hint lost');
      timeline.after(this.#delay(), () => process.deliver(() => hints.has(own) && listener(hint)));
    };
    hints.add(own);
    return () => void hints.delete(own);
  }

  #call(method: Method, args: readonly unknown[]): Promise<unknown> {
    const { engine, observe, process, timeline, asks, told } = this.#options;
    asks({ method, args });
    const answered = this.#send(async () => {
      const answer = await engine.call(method, args);
      observe({ at: timeline.now, from: process, method, args, answer });
      return answer;
    }, PATIENCE);
    return answered.then((answer) => {
      told({ method, args });
      return answer;
    });
  }

  async #wait(queues: readonly string[], signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => aborted.resolve());
    if (signal.aborted) return;
    const answered = this.#send(() => this.#options.engine.waitForWork(queues, signal), 2 * PATIENCE);
    await Promise.race([answered, aborted.promise]);
  }

  /** @param patience how long the caller waits for what `act`, at the engine, answers. */
  #send<T>(act: () => Promise<T>, patience: Millis): Promise<T> {
    const { process, timeline, way, count } = this.#options;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const giveUp = process.after(this.#chance.between(0.2, 1) * patience, () => reject(this.#away()));
    const arrive = async (): Promise<void> => {
      const answer = await act().then(
        (value) => () => resolve(value),
        (error: unknown) => () => reject(error),
      );
      if (way.cutBack || this.#chance.happens(way.faults)) return count('answer lost');
      timeline.after(this.#delay(), () =>
        process.deliver(() => {
          giveUp.cancelled = true;
          answer();
        }),
      );
    };
    // Not waited for here: an engine within this process needs time to pass for its answer.
    const late = this.#chance.happens(way.faults / 2) ? this.#chance.between(0, LATEST) : 0;
    if (this.#chance.happens(way.faults)) {
      this.#refuse(giveUp, reject);
      return promise;
    }
    if (late > 0) count('call late');
    timeline.after(late + this.#delay(), () => (way.cutThere ? count('call lost') : void arrive()));
    return promise;
  }

  /** Nothing arrives, and the caller is told at once. */
  #refuse(giveUp: { cancelled: boolean }, reject: (error: unknown) => void): void {
    const { process, timeline, count } = this.#options;
    count('call refused');
    giveUp.cancelled = true;
    timeline.after(this.#delay(), () => process.deliver(() => reject(this.#away())));
  }

  #delay(): Millis {
    return this.#chance.exponential(this.#options.way.latency);
  }

  #away(): Error {
    return new this.#options.product.JobschedError('engine_unavailable', 'The engine does not answer.');
  }
}
