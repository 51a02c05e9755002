/** Whether the store answers, told to people once for each change rather than once for each call. */
import { JobschedError } from '../errors.ts';
import type { Logger } from '../log.ts';

export class Link {
  readonly #logger: Logger;
  #broken: string | null = null;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  failed(error: unknown): void {
    const code = error instanceof JobschedError ? error.code : 'internal';
    if (this.#broken === code) return;
    this.#broken = code;
    // Ours would be a bug: it is shown with its stack.
    if (code === 'internal') this.#logger.error({ err: error }, 'a call to the store failed; running commands go on');
    else this.#logger.warn({ code, cause: String(error) }, 'the store does not take it; running commands go on');
  }

  works(): void {
    if (this.#broken === null) return;
    this.#broken = null;
    this.#logger.info('the store answers again');
  }
}

export function isFull(error: unknown): boolean {
  return error instanceof JobschedError && error.code === 'engine_full';
}
