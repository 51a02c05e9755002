/**
 * The sampler: keeps what the totals are, once a minute, so that charts have a past. Any number of them may run on one
 * store: the first of a minute is kept.
 *
 *   stopped ──start──► asleep ──timer──► sampling ──► asleep … ──stop──► stopped
 */
import { MINUTE, SECOND, type Millis } from '../domain/instant.ts';
import type { Logger } from '../log.ts';
import type { Service } from '../service.ts';
import { toSample } from '../store/samples.ts';
import type { Store } from '../store/store.ts';
import { Rounds } from './rounds.ts';

/** A timer may come a little early. */
const SHORTEST: Millis = SECOND;

export interface SamplerOptions {
  readonly store: Pick<Store, 'now' | 'totals' | 'queues' | 'keepSample'>;
  readonly logger: Logger;
}

export class Sampler implements Service {
  readonly #options: SamplerOptions;
  readonly #rounds = new Rounds(() => this.#sample());

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    return this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** @returns how long to sleep: until the next minute of the engine's clock. A minute that is missed is a gap in charts. */
  async #sample(): Promise<Millis> {
    const { store, logger } = this.#options;
    try {
      const now = await store.now();
      const [totals, queues] = await Promise.all([store.totals(), store.queues()]);
      await store.keepSample(toSample(now, totals, queues));
      return Math.max(SHORTEST, MINUTE - (now % MINUTE));
    } catch (error) {
      logger.debug({ err: error }, 'cannot keep the numbers of this minute');
      return MINUTE;
    }
  }
}
