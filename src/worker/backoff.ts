/** Ever longer pauses between tries, up to a limit, with jitter so that many workers do not come back at once. */
import { SECOND, type Millis } from '../domain/instant.ts';

const FIRST: Millis = 100;
const LONGEST: Millis = 5 * SECOND;

export class Backoff {
  readonly #random: () => number;
  readonly #first: Millis;
  readonly #longest: Millis;
  #pause: Millis;

  /** @param random from 0 to below 1. */
  constructor(random: () => number = Math.random, first: Millis = FIRST, longest: Millis = LONGEST) {
    this.#random = random;
    this.#first = first;
    this.#longest = longest;
    this.#pause = first;
  }

  /** How long to wait before the next try: between a half and the whole of a pause that doubles each time. */
  next(): Millis {
    const pause = this.#pause;
    this.#pause = Math.min(pause * 2, this.#longest);
    return pause * (0.5 + this.#random() / 2);
  }

  /** After a success. */
  reset(): void {
    this.#pause = this.#first;
  }
}
