/**
 * The janitor: removes what retention says may go, in small steps, so that nobody waits for it.
 *
 *   stopped ──start──► asleep ──timer──► trimming ──► asleep … ──stop──► stopped
 */
import { MINUTE, type Millis } from '../domain/instant.ts';
import type { Logger } from '../log.ts';
import type { Service } from '../service.ts';
import type { Store } from '../store/store.ts';
import type { TrimPolicy } from '../store/views.ts';
import { Rounds } from './rounds.ts';

const EVERY: Millis = MINUTE;
/** Between two steps of one clean-up: others come first. */
const BREATH: Millis = 20;
const STEP = 250;

export interface JanitorOptions {
  readonly store: Pick<Store, 'trim'>;
  readonly logger: Logger;
  readonly policy: TrimPolicy;
}

export class Janitor implements Service {
  readonly #options: JanitorOptions;
  readonly #rounds = new Rounds(() => this.#step());

  constructor(options: JanitorOptions) {
    this.#options = options;
  }

  start(): Promise<void> {
    return this.#rounds.start();
  }

  stop(): Promise<void> {
    return this.#rounds.stop();
  }

  /** @returns how long to sleep. What goes wrong is tried again at the next turn: nothing depends on it now. */
  async #step(): Promise<Millis> {
    const { store, logger, policy } = this.#options;
    try {
      const { more, ...trimmed } = await store.trim(policy, STEP);
      if (trimmed.jobs + trimmed.runs + trimmed.outputs > 0) logger.debug(trimmed, 'removed what was old');
      return more ? BREATH : EVERY;
    } catch (error) {
      logger.warn({ err: error }, 'cannot remove what is old');
      return EVERY;
    }
  }
}
